#pragma once

#include <span>

#include "core/base/file_descriptor.h"
#include "sluice/jobs.h"

namespace sluice {

/// Records over a SOCK_SEQPACKET socket, which keeps each of them whole and holds as many as its buffer does.
///
/// Owners: the job, and the thread of the plugin that writes. The descriptor is closed with the last of them, as one
/// that is closed while another thread writes may be a stranger's by then; until that close() says that it is over.
class SocketRecords final : public JobRecords {
 public:
  explicit SocketRecords(FileDescriptor socket);

  Write write(std::span<const std::uint8_t> record) override;
  /// Nothing is written any more. Any thread, also during write().
  void close() noexcept;

 private:
  FileDescriptor socket_;
};

}  // namespace sluice
