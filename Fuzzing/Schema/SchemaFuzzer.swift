import FuzzSupport

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSchema(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  SchemaTarget.fuzz(start, count)
}
