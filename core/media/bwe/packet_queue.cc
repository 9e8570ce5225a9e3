#include "core/media/bwe/packet_queue.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace sluice {

PacketQueue::~PacketQueue() {
  clear();
  while (spare_) spare_ = std::move(spare_->next);  // one by one: a chain of destructors would be as deep as it is long
}

bool PacketQueue::push(Bytes packet, Instant now) noexcept {
  if (packet.size() > kMaxPacket) return false;
  const Entry entry{.since = now, .size = packet.size()};
  if (empty()) clear();  // what was borrowed no longer is: begin at the front of a block again
  if ((!tail_ || kBlockBytes - tail_->end < sizeof entry + packet.size()) && !append_block()) return false;

  std::memcpy(tail_->bytes.data() + tail_->end, &entry, sizeof entry);
  // Not std::ranges::copy: GCC 12 makes a loop over octets of it, where this is one memmove.
  std::copy(packet.begin(), packet.end(), tail_->bytes.data() + tail_->end + sizeof entry);
  tail_->end += sizeof entry + packet.size();
  ++packets_;
  bytes_ += packet.size();
  return true;
}

MutableBytes PacketQueue::pop() noexcept {
  if (read_ == head_->end) drop_head();  // only now: the last packet that came out was borrowed from it
  const Entry entry = entry_at(*head_, read_);
  const MutableBytes packet{head_->bytes.data() + read_ + sizeof entry, entry.size};
  read_ += sizeof entry + entry.size;
  --packets_;
  bytes_ -= entry.size;
  return packet;
}

Instant PacketQueue::waiting_since() const noexcept {
  return read_ == head_->end ? entry_at(*head_->next, 0).since : entry_at(*head_, read_).since;
}

void PacketQueue::clear() noexcept {
  while (head_) drop_head();
  packets_ = 0;
  bytes_ = 0;
}

bool PacketQueue::append_block() noexcept {
  std::unique_ptr<Block> block;
  if (spare_) {
    block = std::move(spare_);
    spare_ = std::move(block->next);
    --spares_;
  } else {
    block.reset(new (std::nothrow) Block);  // not value-initialised: the bytes are written before they are read
  }
  if (!block) return false;
  block->end = 0;
  Block* const appended = block.get();
  (tail_ ? tail_->next : head_) = std::move(block);
  tail_ = appended;
  return true;
}

void PacketQueue::drop_head() noexcept {
  std::unique_ptr<Block> dropped = std::move(head_);
  head_ = std::move(dropped->next);
  if (!head_) tail_ = nullptr;
  read_ = 0;
  if (spares_ == kMaxSpare) return;
  dropped->next = std::move(spare_);
  spare_ = std::move(dropped);
  ++spares_;
}

PacketQueue::Entry PacketQueue::entry_at(const Block& block, std::size_t position) const noexcept {
  Entry entry;
  std::memcpy(&entry, block.bytes.data() + position, sizeof entry);
  return entry;
}

}  // namespace sluice
