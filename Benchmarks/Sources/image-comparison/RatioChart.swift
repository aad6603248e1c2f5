/// Bars that show how many times as long others take, as an SVG that reads well on light and dark pages.
struct RatioChart {
  private typealias Bar = (name: String, hundredths: Int64)
  private var groups: [(title: String, bars: [Bar])] = []

  private static let width = 760
  private static let left = 190
  private static let right = 60
  private static let rowHeight = 22
  private static let titleHeight = 34

  /// Adds a job and how many hundredths of our time others take for it.
  mutating func add(_ title: String, _ bars: [(String, Int64)]) {
    if !bars.isEmpty { groups.append((title, bars.map { (name: $0.0, hundredths: $0.1) })) }
  }

  func svg() -> String {
    let longest = max(200, groups.flatMap(\.bars).map(\.hundredths).max() ?? 0)
    let space = Int64(Self.width - Self.left - Self.right)
    let scale: (Int64) -> Int = { Int($0 * space / longest) }
    let one = Self.left + scale(100)
    var y = 36
    var shapes: [String] = []
    for group in groups {
      y += Self.titleHeight
      shapes.append(text(x: 8, y: y - 10, "title", group.title))
      for bar in group.bars {
        shapes.append(row(bar, length: scale(bar.hundredths), y: y))
        y += Self.rowHeight
      }
      // Beside the titles, not through them.
      let top = y - group.bars.count * Self.rowHeight
      shapes.append("<path class=\"one\" d=\"M\(one) \(top)V\(y)\"/>")
    }
    shapes.append(text(x: one, y: y + 20, "label middle", "appc = 1"))
    return page(height: y + 32, shapes)
  }

  private func row(_ bar: Bar, length: Int, y: Int) -> String {
    let middle = y + 15
    return text(x: Self.left - 8, y: middle, "label end", bar.name)
      + "<rect class=\"bar\" x=\"\(Self.left)\" y=\"\(y + 3)\" width=\"\(max(1, length))\" height=\"16\" rx=\"2\"/>"
      + text(x: Self.left + length + 6, y: middle, "label", Self.decimal(bar.hundredths) + "×")
  }

  private func page(height: Int, _ shapes: [String]) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" \
    viewBox="0 0 \(Self.width) \(height)" role="img" aria-label="How many times as long others take as appc">
    <style>
    text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
    .heading { font-size: 15px; font-weight: 600 }
    .title { font-weight: 600 }
    .end { text-anchor: end }
    .middle { text-anchor: middle }
    .bar { fill: #5f8dd3 }
    .one { stroke: #d1642a; stroke-width: 2; fill: none }
    @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .bar { fill: #4f7cc0 } }
    </style>
    \(text(x: 8, y: 24, "heading", "How many times as long others take as appc (longer: appc is faster)"))
    \(shapes.joined(separator: "\n"))
    </svg>

    """
  }

  private func text(x: Int, y: Int, _ style: String, _ content: String) -> String {
    let escaped = content.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    return "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(escaped)</text>"
  }

  /// With one decimal.
  private static func decimal(_ hundredths: Int64) -> String {
    let tenths = (hundredths + 5) / 10
    return "\(tenths / 10).\(tenths % 10)"
  }
}
