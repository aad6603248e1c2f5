import AppcEngine

/// Errors as the command tells them: one line, and which option helps where one does.
enum ErrorText {
  static func line(_ error: any Error) -> String {
    isLimit(error) ? "\(error) (--limits of appc image import raises limits)" : "\(error)"
  }

  /// Whether an image cost more than was allowed, however deep that is told.
  private static func isLimit(_ error: any Error) -> Bool {
    switch error {
    case let error as EngineError: error.cause.map(isLimit) ?? false
    case let error as StoreError: error.cause.map(isLimit) ?? false
    case let error as ArchiveError: error.code == .limitExceeded
    default: false
    }
  }
}
