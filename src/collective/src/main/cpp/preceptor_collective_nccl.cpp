// NCCL for the CUDA tensors of a group that preceptor_collective.cpp made. A library of its own, since it needs
// libtorch_cuda. It compiles and links; it has never been run.
#include <torch/csrc/distributed/c10d/GroupRegistry.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/library.h>

namespace {

int64_t add_nccl(const std::string& host, int64_t port, int64_t device, int64_t timeout_ms, const std::string& name) {
  auto group = c10d::resolve_process_group(name);
  c10d::TCPStoreOptions where;
  where.port = static_cast<uint16_t>(port);
  where.timeout = std::chrono::milliseconds(timeout_ms);
  auto store = c10::make_intrusive<c10d::PrefixStore>(
      "preceptor/nccl", c10::make_intrusive<c10d::TCPStore>(host, where));
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = where.timeout;
  group->setBoundDeviceId(c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(device)));
  group->setBackend(c10::kCUDA, c10d::ProcessGroup::NCCL,
      c10::intrusive_ptr<c10d::Backend>(c10::make_intrusive<c10d::ProcessGroupNCCL>(
          store, group->getRank(), group->getSize(), options)));
  return device;
}

} // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, m) {
  m.def("add_nccl(str host, int port, int device, int timeout_ms, str name) -> int", &add_nccl);
}
