/// What libFuzzer calls, over and over: the first byte chooses a target, the rest is its input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStore(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard let selector = bytes.first else { return 0 }
  StoreTarget(selector: selector).check(Array(bytes.dropFirst()))
  return 0
}
