// Whoever imports the engine works with the rooms' values: image records, pod statuses, build options.
@_exported public import ACIArchive
@_exported public import ACIBuild
@_exported public import ACIStore
@_exported public import AppcSchema
@_exported public import Stage
