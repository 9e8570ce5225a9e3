#include "core/media/worker/tcp_frame_queue.h"

#include <algorithm>
#include <cassert>

#include "core/base/copy_bytes.h"

namespace sluice {

namespace {

constexpr std::size_t kLengthSize = 2;
constexpr std::size_t kFirstSize = 4 * 1024;

}  // namespace

bool TcpFrameQueue::push(Bytes packet) {
  assert(packet.size() <= 0xffff);
  if (!make_room(kLengthSize + packet.size())) return false;
  append(std::array{static_cast<std::uint8_t>(packet.size() >> 8), static_cast<std::uint8_t>(packet.size())});
  append(packet);
  return true;
}

bool TcpFrameQueue::make_room(std::size_t count) {
  const std::size_t needed = size_ + count;
  if (needed <= ring_.size()) return true;
  if (needed > limit_) return false;
  std::vector<std::uint8_t> larger(std::min(limit_, std::max({needed, kFirstSize, ring_.size() * 2})));
  auto end = larger.begin();
  for (const Bytes part : pending()) end = std::ranges::copy(part, end).out;
  ring_ = std::move(larger);
  begin_ = 0;
  return true;
}

void TcpFrameQueue::append(Bytes bytes) noexcept {
  const std::size_t at = (begin_ + size_) % ring_.size();
  const std::size_t first = std::min(bytes.size(), ring_.size() - at);
  copy_bytes(bytes.first(first), MutableBytes{ring_}.subspan(at));
  copy_bytes(bytes.subspan(first), ring_);
  size_ += bytes.size();
}

std::array<Bytes, 2> TcpFrameQueue::pending() const noexcept {
  const std::size_t first = std::min(size_, ring_.size() - begin_);
  return {Bytes{ring_}.subspan(begin_, first), Bytes{ring_}.first(size_ - first)};
}

void TcpFrameQueue::consume(std::size_t count) noexcept {
  assert(count <= size_);
  size_ -= count;
  begin_ = size_ == 0 ? 0 : (begin_ + count) % ring_.size();
}

}  // namespace sluice
