#include "tests/load/load_peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "core/media/ice/packet_kind.h"
#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtp/rtp_packet.h"

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

// Two frames of ten participants; of 10,000 sockets few are ever full.
constexpr int kReceiveBuffer = 1 << 20;

int open_socket(const SocketAddress& remote) {
  const int fd = ::socket(remote.data()->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::system_error{errno, std::generic_category(), "socket"};
  // Beyond the limit of unprivileged processes, where we may.
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  }
  if (::connect(fd, remote.data(), remote.size()) != 0) {
    const int error = errno;
    ::close(fd);
    throw std::system_error{error, std::generic_category(), "connect to " + remote.to_string()};
  }
  return fd;
}

simulation::RtcPeer::Config config_of(PeerOrder& order) {
  return {.local = std::move(order.local),
          .remote = std::move(order.remote.credentials),
          .role = order.role,
          .remote_fingerprints = std::move(order.remote.fingerprints),
          .answer_checks_of = order.remote.address,
          .await_check = order.remote_checks,
          .seed = order.seed,
          .consent_interval = 5s};
}

}  // namespace

LoadPeer::LoadPeer(const PeerSurroundings& surroundings, PeerOrder order)
    : around_{surroundings},
      number_{order.number},
      fd_{open_socket(order.remote.address)},
      rtc_{around_.dtls, config_of(order), *this},
      recorder_{order.recorder},
      join_started_{order.join_started},
      subscribes_{order.subscribes} {
  outgoing_.reserve(order.streams.size());
  for (const OutgoingStream& stream : order.streams) outgoing_.emplace_back(stream);
}

LoadPeer::~LoadPeer() { ::close(fd_); }

void LoadPeer::start(Instant now) { rtc_.start(now); }

void LoadPeer::restart_ice(IceRestart restart, Instant now) {
  ++around_.stats.ice_restarts;
  answered_before_restart_ = rtc_.counters().checks_answered;
  rtc_.restart_ice(std::move(restart.local), std::move(restart.remote), now);
}

void LoadPeer::send_datagram(Bytes datagram) {
  if (::send(fd_, datagram.data(), datagram.size(), 0) < 0 && errno != ECONNREFUSED) ++around_.stats.send_errors;
}

void LoadPeer::handle_datagram(Bytes datagram, Instant now) {
  if (classify(datagram) == PacketKind::rtp) return handle_rtp(datagram, now);
  rtc_.handle_datagram(datagram, now);
  if (!connected_) note_connected(now);
  // An answer to an older check fails its integrity by now: what counts was made with the new credentials.
  if (answered_before_restart_ && rtc_.counters().checks_answered > *answered_before_restart_) {
    answered_before_restart_.reset();
    ++around_.stats.ice_restarts_answered;
  }
}

void LoadPeer::note_connected(Instant now) {
  if (rtc_.dtls_state() == DtlsState::failed && !std::exchange(failed_, true)) ++around_.progress.failed;
  if (!rtc_.can_send()) return;
  connected_ = true;
  next_report_ = now + around_.rtcp_interval;
  for (PacedStream& stream : outgoing_) stream.start(now);
  if (!subscribes_) {
    ++around_.progress.publishers_connected;
    return;
  }
  ++around_.progress.subscribers_connected;
  around_.stats.join.record(now - join_started_);
}

ReceivedStream* LoadPeer::stream_of(Ssrc ssrc) {
  const auto found = std::ranges::find(streams_, ssrc, &ReceivedStream::ssrc);
  if (found != streams_.end()) return &*found;
  if (streams_.size() == kMaxStreams) return nullptr;
  return &streams_.emplace_back(ssrc, around_.verify_every);
}

void LoadPeer::handle_rtp(Bytes datagram, Instant now) {
  if (datagram.size() < kRtpFixedHeaderSize || !connected_) return;
  ByteReader header{datagram};
  header.skip(2);
  const RtpSequence sequence{header.u16()};
  header.skip(4);
  ReceivedStream* const stream = stream_of(Ssrc{header.u32()});
  if (stream == nullptr) return;

  const ReceivedStream::Packet packet = stream->note(sequence);
  if (packet.arrival == ReceivedStream::Arrival::duplicate) return;
  if (recorder_ != nullptr || stream->wants_decryption()) verify(*stream, packet.position, datagram, now);
  account(*stream, packet.position, now);
}

void LoadPeer::verify(ReceivedStream& stream, std::int64_t position, Bytes datagram, Instant now) {
  Check check{.stream = stream, .position = position};
  check_ = &check;
  rtc_.handle_datagram(datagram, now);
  check_ = nullptr;
  ++(check.passed ? around_.stats.verified : around_.stats.verify_errors);
}

void LoadPeer::on_rtp(const RtpPacketView& packet, Instant now) {
  if (check_ == nullptr) return;
  if (recorder_ != nullptr) {
    recorder_->note(packet.bytes(), now);
    check_->passed = true;  // of a stream that need not be ours
  }
  if (packet.payload().empty()) {
    ++around_.stats.probes;
    check_->passed = true;
    return;
  }
  const auto stamp = read_stamp(packet.payload());
  const Source* const source = stamp ? around_.sources.find(stamp->source) : nullptr;
  if (source == nullptr) return;
  const auto lesson = check_->stream.learn(*stamp, check_->position);
  if (lesson == ReceivedStream::Lesson::contradicts) ++around_.stats.renumbered;
  check_->passed = source->is_recorded() || filler_is_intact(packet.payload(), source->id());
}

void LoadPeer::account(const ReceivedStream& stream, std::int64_t position, Instant now) {
  LoadStats& stats = around_.stats;
  ++stats.received_always;
  if (subscribes_ && !std::exchange(has_media_, true)) {
    ++around_.progress.subscribers_with_media;
    stats.first_media.record(now - join_started_);
  }
  const auto number = stream.source_number(position);
  const Source* const source = number ? around_.sources.find(*stream.source()) : nullptr;
  const auto sent = source != nullptr ? source->sent_at(*number) : std::nullopt;
  if (!sent) {
    ++stats.unattributed;
    return;
  }
  if (!around_.window.contains(*sent)) return;
  ++stats.received;
  stats.delay.record(std::chrono::nanoseconds{now.time_since_epoch() / 1ns - *sent});
}

void LoadPeer::on_rtcp(const RtcpCompound& compound, Instant) {
  ++around_.stats.rtcp_received;
  for (const RtcpBlock& block : compound) {
    if (block.type != RtcpType::payload_feedback && block.type != RtcpType::transport_feedback) continue;
    const auto feedback = Feedback::parse(block);
    if (!feedback) continue;
    if (feedback->kind == FeedbackKind::nack) ++around_.stats.nacks_received;
    if (feedback->kind == FeedbackKind::pli) request_key_frame(feedback->media);
    if (feedback->kind != FeedbackKind::fir) continue;
    for (const FirEntry entry : fir_entries(*feedback)) request_key_frame(entry.ssrc);
  }
}

void LoadPeer::request_key_frame(Ssrc media) {
  ++around_.stats.key_frame_requests;
  for (PacedStream& stream : outgoing_) {
    if (stream.ssrc() == media) stream.request_key_frame();
  }
}

void LoadPeer::handle_timeout(Instant now) {
  rtc_.handle_timeout(now);
  if (!connected_) return note_connected(now);
  for (PacedStream& stream : outgoing_) {
    if (stream.next_burst() <= now) stream.send_due(rtc_, around_.window, now);
  }
  if (next_report_ && *next_report_ <= now) send_reports(now);
}

// As browsers do: one compound, with a sender report for each stream of a peer that sends, or a receiver report.
void LoadPeer::send_reports(Instant now) {
  next_report_ = now + around_.rtcp_interval;
  const WallTime wall = std::chrono::system_clock::now();
  std::array<ReportBlock, kMaxRtcpCount> blocks;
  const std::size_t count = std::min(blocks.size(), streams_.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto lost = static_cast<std::int64_t>(streams_[i].span()) - static_cast<std::int64_t>(streams_[i].received());
    blocks[i] = {.ssrc = streams_[i].ssrc(),
                 .cumulative_lost = static_cast<std::int32_t>(lost),
                 .extended_highest_sequence = streams_[i].extended_highest_sequence()};
  }
  const Ssrc sender = outgoing_.empty() ? Ssrc{1} : outgoing_.front().ssrc();
  rtc_.send_rtcp_of([&](RtcpBuilder& compound) {
    for (const PacedStream& stream : outgoing_) stream.add_sender_report(compound, wall, now);
    if (outgoing_.empty()) {
      static_cast<void>(compound.add_receiver_report(sender, std::span{blocks}.first(count)));
    }
    static_cast<void>(compound.add_cname(sender, "load"));
  });
}

Instant LoadPeer::next_timeout() const noexcept {
  Instant next = rtc_.next_timeout().value_or(Instant::max());
  if (!connected_) return next;
  for (const PacedStream& stream : outgoing_) next = std::min(next, stream.next_burst());
  return std::min(next, next_report_.value_or(Instant::max()));
}

void LoadPeer::collect(LoadStats& stats) const noexcept {
  if (subscribes_) stats.streams += streams_.size();
  for (const ReceivedStream& stream : streams_) {
    stats.duplicates += stream.duplicates();
    stats.gap_expected += stream.span();
    stats.gap_received += stream.received();
  }
  for (const PacedStream& stream : outgoing_) stats.send_errors += stream.refused();
}

}  // namespace sluice::load
