import AppcEngine
import Logging

/// Log messages as lines on standard error: warnings always, the rest with `--debug`.
struct ConsoleLog: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    Console.error("appc: \(event.level): \(event.message)")
  }

  static func logger(debug: Bool) -> Logger {
    Logger(label: "appc") { _ in ConsoleLog(logLevel: debug ? .debug : .warning) }
  }
}
