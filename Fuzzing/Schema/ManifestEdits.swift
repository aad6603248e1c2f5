import AppcSchema

extension ImageManifest: FuzzedManifest {
  static var edits: [(inout ImageManifest, _ donor: ImageManifest) -> Void] {
    [
      { manifest, _ in manifest.name = "fuzzed.example/name" },
      { manifest, _ in manifest.labels["fuzzed"] = "\"\\\u{1}1\u{301}" },
      { manifest, _ in manifest.labels = Labels() },
      { manifest, _ in manifest.annotations["authors"] = nil },
      { manifest, _ in manifest.app = nil },
      { manifest, _ in manifest.app?.exec.insert("/bin/\u{212A}", at: 0) },
      { manifest, _ in manifest.app?.ports.removeAll() },
      { manifest, _ in manifest.dependencies.insert(Dependency(imageName: "fuzzed", size: .max), at: 0) },
      { manifest, _ in manifest.dependencies.reverse() },
      { manifest, _ in manifest.pathWhitelist.append("/fuzzed") },
      { manifest, donor in manifest.labels = donor.labels },
      { manifest, donor in manifest.app = donor.app },
      { manifest, donor in manifest.app?.isolators = donor.app?.isolators ?? [] },
      { manifest, donor in manifest.app?.environment = donor.app?.environment ?? Environment() },
      { manifest, donor in manifest.dependencies = donor.dependencies + manifest.dependencies },
      { manifest, donor in manifest.pathWhitelist = donor.pathWhitelist },
      { manifest, donor in manifest.annotations = donor.annotations.merging(manifest.annotations) },
    ]
  }
}

extension PodManifest: FuzzedManifest {
  static var edits: [(inout PodManifest, _ donor: PodManifest) -> Void] {
    [
      { pod, _ in pod.apps.reverse() },
      { pod, _ in pod.apps.removeAll() },
      { pod, _ in if !pod.apps.isEmpty { pod.apps[0].app = nil } },
      { pod, _ in if !pod.apps.isEmpty { pod.apps[0].image.labels["fuzzed"] = "" } },
      { pod, _ in if !pod.apps.isEmpty { pod.apps[0].mounts.append(Mount(volume: "v", path: "/\u{212A}")) } },
      { pod, _ in if pod.apps.first?.mounts.isEmpty == false { pod.apps[0].mounts[0].path = "/fuzzed" } },
      { pod, _ in pod.volumes.removeAll { $0.kind == .host } },
      { pod, _ in pod.annotations["fuzzed"] = "\u{FEFF}" },
      { pod, _ in pod.ports.reverse() },
      { pod, _ in pod.userLabels.reverse() },
      { pod, donor in pod.apps = donor.apps },
      { pod, donor in pod.volumes = donor.volumes },
      { pod, donor in pod.isolators = donor.isolators },
      { pod, donor in pod.ports = donor.ports },
      { pod, donor in pod.userAnnotations = donor.userLabels },
      { pod, donor in pod.annotations = pod.annotations.merging(donor.annotations) },
    ]
  }
}
