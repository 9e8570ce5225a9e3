#include "core/jobs/socket_records.h"

#include <sys/socket.h>

#include <cerrno>

#include "core/jobs/job_limits.h"

namespace sluice {

// The kernel doubles it, as it counts what it needs for itself, and caps it (net.core.wmem_max).
SocketRecords::SocketRecords(FileDescriptor socket) : socket_{std::move(socket)} {
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDBUF, &kJobRecordsBuffer, sizeof kJobRecordsBuffer);
}

JobRecords::Write SocketRecords::write(std::span<const std::uint8_t> record) {
  if (record.empty()) throw Error{ErrorCode::invalid_payload, "a record of a job is empty"};
  if (record.size() > kMaxBytes) {
    throw Error{ErrorCode::limit_exceeded, "a record of a job is too long", {{"limit", kMaxBytes}}};
  }
  for (;;) {
    const ssize_t size = ::send(socket_.get(), record.data(), record.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size >= 0) return Write::done;
    if (errno == EINTR) continue;
    // The kernel has no memory at the moment: as good as a full buffer.
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == ENOMEM) return Write::full;
    return Write::closed;
  }
}

void SocketRecords::close() noexcept { ::shutdown(socket_.get(), SHUT_RDWR); }

}  // namespace sluice
