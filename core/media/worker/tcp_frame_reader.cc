#include "core/media/worker/tcp_frame_reader.h"

#include <cstring>

namespace sluice {

MutableBytes TcpFrameReader::space() noexcept {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  } else if (kCapacity - begin_ < kLengthSize + kMaxFrame) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return MutableBytes{buffer_}.subspan(end_);
}

// RFC 4571 section 2:
//
//  0                   1
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+---------------------------
// |            LENGTH             |  STUN, DTLS, SRTP or SRTCP ...
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+---------------------------
//
// LENGTH counts what follows it; 0 is a null packet, which is to be ignored.
Result<MutableBytes, TcpFrameError> TcpFrameReader::next() noexcept {
  while (end_ - begin_ >= kLengthSize) {
    const std::size_t length = std::size_t{buffer_[begin_]} << 8 | buffer_[begin_ + 1];
    if (length > kMaxFrame) return TcpFrameError::oversize;
    if (end_ - begin_ < kLengthSize + length) break;
    const MutableBytes packet = MutableBytes{buffer_}.subspan(begin_ + kLengthSize, length);
    begin_ += kLengthSize + length;
    if (length > 0) return packet;
  }
  return TcpFrameError::incomplete;
}

}  // namespace sluice
