public import AppcSchema
public import SystemPackage

extension ImageStore {
  /// Reads an image's blob, its uncompressed tar, while a shared lock keeps it from being removed.
  ///
  /// The descriptor is read-only, at the start, and good until `body` returns. Throws `notFound` and what `body` throws.
  public func withBlob<Value, Failure: Error>(
    of id: ImageID, _ body: (FileDescriptor) throws(Failure) -> Value
  ) throws(StoreError) -> Result<Value, Failure> {
    let blob = try openBlob(id, for: "read")
    touch(id)
    do throws(Failure) {
      return .success(try body(FileDescriptor(rawValue: blob.descriptor.rawValue)))
    } catch {
      return .failure(error)
    }
  }
}
