// e2e/lib/archive.mjs: archives written byte by byte, honest ones and others.
//
// An entry is { name, data, type, link }; types are those of tar ("0" file, "1" hard link, "2"
// link, "3" device, "5" folder).
// SPDX-License-Identifier: MIT

const BLOCK = 512;

function header({ name, data = "", type = "0", link = "" }, at) {
  const block = Buffer.alloc(BLOCK);
  const octal = (value, offset, length) =>
    block.write(value.toString(8).padStart(length - 1, "0"), offset);
  block.write(name, 0);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(Buffer.byteLength(data), 124, 12);
  octal(at, 136, 12);
  block.write("        ", 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write("ustar\u000000", 257);
  octal(block.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return block;
}

/** A tar archive; every file is from the second `at` of Unix time. */
export function tar(entries, at = 1_790_000_000) {
  const blocks = entries.flatMap((entry) => {
    const data = Buffer.from(entry.data ?? "");
    return [header(entry, at), data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** A Zstandard frame whose blocks are not compressed. */
export function zstd(bytes) {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528, 0);
  head[4] = 0xa0; // one segment, its size in four bytes
  head.writeUInt32LE(bytes.length, 5);
  const pieces = [head];
  for (let from = 0; from < bytes.length; from += 1 << 16) {
    const piece = bytes.subarray(from, from + (1 << 16));
    const last = from + piece.length === bytes.length ? 1 : 0;
    const start = Buffer.alloc(3);
    start.writeUIntLE((piece.length << 3) | last, 0, 3);
    pieces.push(start, piece);
  }
  return Buffer.concat(pieces);
}

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++)
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A zip archive whose files are stored as they are. */
export function zip(entries) {
  const locals = [], centrals = [];
  let offset = 0;
  for (const { name, data = "" } of entries) {
    const bytes = Buffer.from(data), path = Buffer.from(name);
    const shared = Buffer.alloc(26); // version needed … length of the name, and of more
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x5a21, 8); // 2025-01-01
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(bytes.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(path.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    locals.push(Buffer.from("PK\x03\x04"), shared, path, bytes);
    centrals.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), shared, tail, path);
    offset += 30 + path.length + bytes.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
