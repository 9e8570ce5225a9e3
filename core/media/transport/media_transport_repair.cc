// What a transport sends again, to a client that asks for it.

#include <algorithm>

#include "core/base/copy_bytes.h"
#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/transport/media_transport.h"

namespace sluice {

namespace {

constexpr Duration kUnknownRoundTrip = std::chrono::milliseconds{100};

/// Packets that one datagram may ask for. Browsers miss no more at a time; 1500 bytes could name four times as many,
/// and each has to be looked for.
constexpr std::size_t kMaxAskedFor = 1024;

// RFC 3550 section 5.1; SRTP leaves the header readable.
struct SentHeader {
  RtpSequence sequence;
  Ssrc ssrc;
};

SentHeader header_of(Bytes datagram) noexcept {
  ByteReader in{datagram};
  in.skip(2);
  const RtpSequence sequence{in.u16()};
  in.skip(4);
  return {.sequence = sequence, .ssrc = Ssrc{in.u32()}};
}

}  // namespace

void MediaTransport::retransmit(const Feedback& nack, Instant now) {
  RtpConsumer* consumer = consumer_of(nack.media);
  if (consumer == nullptr) return;
  const Duration round_trip = consumer->sender().round_trip_time().value_or(kUnknownRoundTrip);
  for (const NackItem& item : nack_items(nack)) {
    for_each_lost(item, [&](RtpSequence lost) {
      if (asked_for_++ < kMaxAskedFor) consumer->retransmit(lost, round_trip, now);
    });
  }
  keeps_copies_ = keeps_copies_ || consumer->keeps_copies();
}

bool MediaTransport::resend(Bytes datagram, Instant now) noexcept {
  if (!srtp_sender_ || path_state_ != PathState::ready) return false;
  copy_bytes(datagram, path_.acquire());
  path_.commit(datagram.size());
  count_sent(datagram.size());
  if (control_ != nullptr) control_->on_sent(PacePriority::retransmission, std::nullopt, datagram.size(), now);
  return true;
}

void MediaTransport::keep_copy(Bytes datagram, Instant now) {
  const SentHeader header = header_of(datagram);
  if (RtpConsumer* consumer = consumer_of(header.ssrc)) consumer->keep_copy(datagram, header.sequence, now);
}

void MediaTransport::release_copies(Instant now) noexcept {
  keeps_copies_ = false;
  for (const auto& consumer : consumers_) {
    consumer->release_copies(now);
    keeps_copies_ = keeps_copies_ || consumer->keeps_copies();
  }
}

}  // namespace sluice
