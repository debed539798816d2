"""huggingface_hub looks at a cache that Preceptor filled (read), or fills one that Preceptor is to read (write)."""
import filecmp
import pathlib
import sys

from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download

what, repo, source = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
if what == "write":
    print(snapshot_download(repo))
    sys.exit()

snapshot = pathlib.Path(snapshot_download(repo, local_files_only=True))
for name in ("config.json", "tokenizer.json", "model.safetensors"):
    assert filecmp.cmp(snapshot / name, source / name, shallow=False), name
    assert (snapshot / name).is_symlink(), name
    assert pathlib.Path(hf_hub_download(repo, name, local_files_only=True)) == snapshot / name
info = scan_cache_dir()
assert not info.warnings, info.warnings
assert not info.incomplete_files, info.incomplete_files
models = {found.repo_id: found for found in info.repos if found.repo_type == "model"}
assert set(models) == {repo}, models
(revision,) = models[repo].revisions
assert revision.refs == {"main"} and revision.commit_hash == snapshot.name, revision
print(f"huggingface_hub reads {len(revision.files)} files of {repo}")
