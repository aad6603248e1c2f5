import FuzzSupport

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStore(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  StoreTarget.fuzz(start, count)
}
