import ACIStore
import AppcSchema
import Stage
import SystemPackage

/// Runs the app of an image file in a pod and returns its exit status.
func run(
  _ file: FilePath, in directory: FilePath, output: FileDescriptor = .standardOutput
) throws -> Int32 {
  // Images are kept by their content: importing one again changes nothing.
  let store = try ImageStore.open(at: directory)
  let image = try store.importImage(from: file).record.id

  // The lease keeps the tree from being collected, until the pod has taken it over.
  let (tree, lease) = try store.renderLeased(image)
  let pods = try Pods(root: directory)
  let pod = try withExtendedLifetime(lease) {
    try pods.launch(
      PodSpecification(
        manifest: PodManifest(apps: [
          RuntimeApp(name: "main", image: RuntimeImage(id: image), app: tree.manifest.app)
        ]),
        roots: ["main": .overlay(tree.rootfs)],
        streams: ["main": AppStreams(output: output, error: .standardError)],
        leases: [lease.descriptor]))
  }

  let exit = try pod.wait()
  try pods.remove(pod.uuid)
  return exit.status
}
