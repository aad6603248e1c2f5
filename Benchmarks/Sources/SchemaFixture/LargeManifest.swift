/// An image manifest with a long `pathWhitelist`, as difference images have.
public enum LargeManifest {
  /// How many paths it lists.
  public static let pathCount = 60_000

  /// The document, laid out with one path a line: between 5.0 and 5.3 MB.
  public static func bytes() -> [UInt8] {
    var output = Array(
      """
      {
          "acKind": "ImageManifest",
          "acVersion": "0.8.11",
          "name": "example.com/difference",
          "pathWhitelist": [

      """.utf8)
    for number in 0..<pathCount {
      output += "        \"\(path(number))\"\(number == pathCount - 1 ? "" : ",")\n".utf8
    }
    output += "    ]\n}\n".utf8
    return output
  }

  /// Paths as a distribution has them: a few hundred directories with many files each.
  static func path(_ number: Int) -> String {
    let directories = [
      "/usr/lib/python3/dist-packages/twisted/internet", "/usr/share/doc/libapache2-mod-wsgi-py3/examples",
      "/usr/lib/x86_64-linux-gnu/perl5/5.36/Template", "/usr/share/zoneinfo/posix/America/Argentina",
      "/usr/lib/node_modules/corepack/dist/lib", "/usr/share/locale/zh_CN/LC_MESSAGES",
    ]
    let endings = ["py", "html", "pm", "json", "js", "mo"]
    let kind = number % directories.count
    return "\(directories[kind])/package-\(number / 240)/component-\(number).\(endings[kind])"
  }
}
