import ACIArchive
import AppcTesting
import Testing

/// What is given for an image and is none is named, in one line that says what to do.
struct SniffingTests {
  private func error(of bytes: [UInt8]) -> ArchiveError? {
    do throws(ArchiveError) {
      _ = try Archive.inspect(ByteSource(bytes, name: "given.aci"))
      return nil
    } catch {
      return error
    }
  }

  private func expect(
    _ bytes: [UInt8], _ code: ArchiveError.Code, _ words: String, location: SourceLocation = #_sourceLocation
  ) {
    let error = error(of: bytes)
    let text = error?.description ?? "nothing was wrong"
    #expect(error?.code == code, "\(text)", sourceLocation: location)
    #expect(text.contains(words) && text.contains("given.aci"), "\(text)", sourceLocation: location)
    #expect(!text.contains("\n"), sourceLocation: location)
  }

  /// Bytes that look like encrypted ones.
  private let noise = (0..<600).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }

  @Test(
    "B8: what gpg writes encrypted is named as such",
    arguments: [
      // --symmetric; the same for old readers; for an RSA key; for an ECC key; version 6 of RFC 9580.
      [0x8C, 0x0D, 0x04, 0x09, 0x03, 0x02], [0xC3, 0x0D, 0x04, 0x09, 0x03, 0x08],
      [0x85, 0x01, 0x0C, 0x03], [0x84, 0x5E, 0x03], [0xC1, 0x5E, 0x03], [0xC1, 0xC0, 0x4C, 0x03],
      [0xC1, 0x49, 0x06], [0xC3, 0x1A, 0x06],
      // Data without a session key before it: PGP 2's, with integrity, with authentication.
      [0xA4, 0x01], [0xC9, 0xFF, 0, 0, 2, 0, 7], [0xD2, 0xE9, 0x01], [0xD2, 0xCB, 0x2F, 0x01],
      [0xD4, 0x40, 0x01],
    ] as [[UInt8]])
  func encrypted(_ header: [UInt8]) {
    expect(header + noise, .encrypted, "gpg --decrypt")
    #expect(Archive.isImage(beginningWith: header + noise))
  }

  @Test("B8: an armored message is named as such, also with a comment before it")
  func armored() {
    for text in [
      "-----BEGIN PGP MESSAGE-----\n\njA0ECQMC\n",
      "From: me\r\n-----BEGIN PGP MESSAGE-----\r\nVersion: 1\r\n",
      "-----BEGIN PGP MESSAGE, PART 1/2-----\n",
    ] {
      expect(Array(text.utf8), .encrypted, "gpg --decrypt")
    }
  }

  @Test("B10: a signature, a key or a signed message in the place of an image is named as such")
  func otherOpenPGP() {
    let signature = Array("-----BEGIN PGP SIGNATURE-----\n\niHUEABYK\n".utf8)
    expect(signature, .notAnImage, "signature; give the image that it signs")
    expect([0x88, 0x84, 0x04, 0x00, 0x16, 0x08] + noise, .notAnImage, "signature")
    expect([0x89, 0x01, 0xB3, 0x04, 0x00] + noise, .notAnImage, "signature")
    expect([0xC2, 0x75, 0x04] + noise, .notAnImage, "signature")
    for key in [
      [0x98, 0x33, 0x04], [0x99, 0x01, 0x0D, 0x04], [0x95, 0x03, 0x98, 0x04], [0xC6, 0x33, 0x04],
    ] {
      expect(key.map(UInt8.init) + noise, .notAnImage, "key")
    }
    expect(Array("-----BEGIN PGP PUBLIC KEY BLOCK-----\n".utf8), .notAnImage, "key")
    expect(Array("-----BEGIN PGP SIGNED MESSAGE-----\n".utf8), .notAnImage, "--decrypt")
    for message in [[0xA3, 0x01], [0x90, 0x0D, 0x03], [0xC4, 0x0D, 0x03], [0xAD, 0x0B, 0xC3, 0x62]] {
      expect(message.map(UInt8.init) + noise, .notAnImage, "OpenPGP message")
    }
  }

  @Test("bytes that only begin like OpenPGP are not taken for it")
  func notOpenPGP() {
    for bytes in [[0xC3, 0xA9, 0x74], [0x8C, 0x0D, 0x09], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47]] {
      expect(bytes.map(UInt8.init) + noise, .notAnImage, "neither a tar archive")
    }
  }

  @Test(
    "other formats are named",
    arguments: [
      ("PK\u{3}\u{4}", "zip"), ("7z\u{BC}\u{AF}\u{27}\u{1C}", "7z"), ("Rar!", "rar"), ("hsqs", "SquashFS"),
      ("!<arch>\n", "Debian package"), ("070701", "cpio"), ("\u{4}\u{22}\u{4D}\u{18}", "lz4"),
      ("LZIP", "lzip"),
      ("\u{1F}\u{9D}", "compress (.Z)"), ("\u{7F}ELF", "program"), ("\u{89}LZO", "lzop"),
      ("\u{50}\u{2A}\u{4D}\u{18}", "pzstd"), ("QFI\u{FB}", "disk image"), ("\u{ED}\u{AB}\u{EE}\u{DB}", "RPM"),
    ])
  func formats(_ magic: String, _ name: String) {
    expect(magic.unicodeScalars.map { UInt8($0.value) } + noise, .notAnImage, name)
  }

  @Test("lzma is named by its properties, and nothing else by chance")
  func lzma() {
    let header: [UInt8] = [0x5D, 0, 0, 0x80, 0]
    expect(header + [UInt8](repeating: 0xFF, count: 8) + noise, .notAnImage, "lzma")
    expect(header + [0, 0x28, 0, 0, 0, 0, 0, 0] + noise, .notAnImage, "lzma")
    expect(header + [1, 2, 3, 4, 5, 6, 7, 8] + noise, .notAnImage, "neither a tar archive")
  }

  @Test("a page, a manifest or another text is named: mostly it is what a server said")
  func texts() {
    let filler = String(repeating: " and more of it \u{E9}\u{1F600}", count: 60)
    for (text, words) in [
      ("<!DOCTYPE html><html>", "web page"), ("\n\n<html>", "web page"),
      ("\u{FEFF}<?xml version=\"1.0\"?>", "XML"),
      (#"{"acKind":"ImageManifest"}"#, "JSON"), ("Not Found", "text"), ("#!/bin/sh\n", "script"),
      ("404: \u{1F600}", "text"),
    ] {
      expect(Array(text.utf8), .notAnImage, words)
      // Wherever the first block cuts a letter.
      for shift in 0..<4 {
        expect(Array((text + String(repeating: "x", count: shift) + filler).utf8), .notAnImage, words)
      }
    }
  }

  @Test("an empty file, and one of a few bytes, are incomplete")
  func tooShort() {
    expect([], .truncated, "empty")
    expect([1, 2, 3], .truncated, "3 bytes")
    expect([0], .truncated, "1 bytes")
  }

  @Test("what is inside of a compression is named, too")
  func inside() {
    expect(StoredGzip.member(Array("PK\u{3}\u{4}".utf8) + noise), .notAnImage, "zip")
    expect(StoredGzip.member(Array("<html>".utf8)), .notAnImage, "web page")
    expect(StoredGzip.member([0x8C, 0x0D, 0x04, 0x09] + noise), .encrypted, "--decrypt")
  }

  @Test("B3: images of other tools, and bare file systems, are named")
  func layouts() {
    let digest = String(repeating: "0123456789abcdef", count: 4)
    for name in ["manifest.json", "repositories", "oci-layout", "index.json", "blobs/sha256/\(digest)"] {
      expect(RawTar([.file(name, "x")]).bytes, .invalidLayout, "docker export")
    }
    expect(RawTar([.directory(digest), .file("\(digest)/layer.tar")]).bytes, .invalidLayout, "Docker")
    expect(RawTar([.file("\(digest).json", "x")]).bytes, .invalidLayout, "Docker")
    expect(RawTar([.directory("bin"), .directory("etc")]).bytes, .invalidLayout, "bare archive")
    let stranger = error(of: RawTar([.file("README", "x")]).bytes)
    #expect(stranger?.code == .invalidLayout && stranger?.detail.contains("it is") == false)
  }
}
