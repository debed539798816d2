// Process groups for TorchScript, which PyTorch makes for Python and C++ only. The collectives themselves need nothing
// from here: torch.ops._c10d_functional.* find a group by the name it is registered under.
#include <torch/csrc/distributed/c10d/GroupRegistry.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/library.h>

#include <mutex>
#include <unordered_map>

using c10::make_intrusive;
using c10d::ProcessGroup;

namespace {

constexpr const char* kPrefix = "preceptor"; // of what the ranks store for each other

std::mutex mutex; // guards groups: c10d's own registry holds weak references only
std::unordered_map<std::string, c10::intrusive_ptr<ProcessGroup>> groups;

// Blocks until all ranks are there. Rank 0 serves the store at host:port. address: that of this machine which the others
// reach, given rather than guessed from the machine's name, which in containers often means the loopback interface.
// name: of the group in this process.
int64_t init_group(const std::string& host, int64_t port, int64_t rank, int64_t world, int64_t timeout_ms,
    const std::string& address, const std::string& name) {
  TORCH_CHECK(world >= 1 && rank >= 0 && rank < world && port > 0 && port < 65536, "rank ", rank, ", world ", world,
      ", port ", port);
  c10d::TCPStoreOptions where;
  where.port = static_cast<uint16_t>(port);
  where.isServer = rank == 0;
  where.numWorkers = static_cast<size_t>(world);
  where.timeout = std::chrono::milliseconds(timeout_ms);
  auto tcp = make_intrusive<c10d::TCPStore>(host, where);
  c10::intrusive_ptr<c10d::Store> store = make_intrusive<c10d::PrefixStore>(kPrefix, tcp);
  auto options = c10d::ProcessGroupGloo::Options::create(where.timeout);
  options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(address));
  auto group = make_intrusive<ProcessGroup>(store, rank, world);
  group->setBackend(c10::kCPU, ProcessGroup::GLOO,
      c10::intrusive_ptr<c10d::Backend>(make_intrusive<c10d::ProcessGroupGloo>(store, rank, world, options)));
  group->setDefaultBackend(ProcessGroup::GLOO);
  group->setGroupName(name);
  c10d::register_process_group(name, group);
  std::lock_guard<std::mutex> lock(mutex);
  groups[name] = group;
  return rank;
}

int64_t destroy_group(const std::string& name) {
  c10d::unregister_process_group(name);
  std::lock_guard<std::mutex> lock(mutex);
  return static_cast<int64_t>(groups.erase(name));
}

} // namespace

// Both give a number that their callers return: TorchScript drops the call of an operator whose result nothing reads.
TORCH_LIBRARY(preceptor, m) {
  m.def("init_group(str host, int port, int rank, int world, int timeout_ms, str address, str name) -> int",
      &init_group);
  m.def("destroy_group(str name) -> int", &destroy_group);
}
