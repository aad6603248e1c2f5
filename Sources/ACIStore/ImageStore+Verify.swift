extension ImageStore {
  /// Checks that the store holds what was put there, and puts right what can be.
  ///
  /// Reads every blob to its end: it must have its image's ID and keep the rules for images. Compares records,
  /// copies of manifests and the index of names with the blobs, rendered trees with the listings that were
  /// written when they were rendered (kind, owner, mode, size, time, link text, SHA-256 of the content; not
  /// extended attributes), and modes and owners of the store's own files. Remote records must be readable.
  ///
  /// A damaged blob is moved to `quarantine/`, never deleted: the image is then no longer in the store. A
  /// damaged tree is removed, and rendered anew from its images if they are there. What somebody holds is
  /// reported and left. Records and index entries are written anew, damaged remote records removed. With `repairs`
  /// off nothing changes.
  ///
  /// Safe beside any other operation; may be killed at any moment and run again. Blocks; reads everything.
  /// Throws `notFound` for an image in the options that is not there, `stopped` when `progress` threw,
  /// `system`.
  public func verify(_ options: VerificationOptions = VerificationOptions()) throws(StoreError)
    -> VerificationReport
  {
    var verification = Verification(of: self, options)
    try verification.run()
    return verification.report
  }
}
