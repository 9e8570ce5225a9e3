#include "core/media/dtls/datagram_queue.h"

namespace sluice {

bool DatagramQueue::push(Bytes datagram) noexcept {
  if (ends_.size() == kMaxDatagrams) return false;
  bytes_.insert(bytes_.end(), datagram.begin(), datagram.end());
  ends_.push_back(bytes_.size());
  return true;
}

std::optional<Bytes> DatagramQueue::pop() noexcept {
  if (next_ == ends_.size()) {
    // Braces alone would keep the memory.
    bytes_ = std::vector<std::uint8_t>{};
    ends_ = std::vector<std::size_t>{};
    next_ = 0;
    return std::nullopt;
  }
  const std::size_t begin = next_ == 0 ? 0 : ends_[next_ - 1];
  const std::size_t end = ends_[next_++];
  return Bytes{bytes_}.subspan(begin, end - begin);
}

}  // namespace sluice
