#include "core/signalling/engine_session.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace sluice {
namespace {

SharedFrame frame(std::string_view text) { return std::make_shared<const std::string>(text); }

}  // namespace

EngineSession::EngineSession(std::string sid, Opening opening, const EngineIoOptions& options, Instant now)
    : sid_{std::move(sid)}, options_{options}, transport_{opening}, ping_due_{now + options.ping_interval} {
  send(open_packet());
}

SharedFrame EngineSession::open_packet() const {
  boost::json::array upgrades;
  if (is_polling()) upgrades.emplace_back("websocket");
  const boost::json::object handshake{{"sid", sid_},
                                      {"upgrades", upgrades},
                                      {"pingInterval", options_.ping_interval.count()},
                                      {"pingTimeout", options_.ping_timeout.count()},
                                      {"maxPayload", options_.max_payload_bytes}};
  return frame("0" + boost::json::serialize(handshake));
}

EngineSession::HttpVerdict EngineSession::handle_poll() {
  if (ended() || !is_polling()) return HttpVerdict::refused;
  if (poll_waiting_) {
    // Two GETs at once cannot keep the order of packets; the protocol ends the session.
    end(DisconnectReason::protocol_error);
    return HttpVerdict::refused;
  }
  poll_waiting_ = true;
  if (state_ == State::closing) {
    flush();
    if (buffer_.empty()) end(closing_reason_);
    return HttpVerdict::accepted;
  }
  // While the client moves to the WebSocket no GET may be left waiting.
  if (upgrade_ == Upgrade::probed && buffer_.empty()) release_poll("6");
  flush();
  return HttpVerdict::accepted;
}

void EngineSession::handle_poll_lost() {
  if (!poll_waiting_) return;
  poll_waiting_ = false;
  end(DisconnectReason::transport_lost);
}

EngineSession::HttpVerdict EngineSession::handle_post(std::string_view payload, Instant now) {
  if (state_ != State::open || !is_polling()) return HttpVerdict::refused;
  if (payload.size() > options_.max_payload_bytes) {
    end(DisconnectReason::protocol_error);
    return HttpVerdict::refused;
  }
  EngineIoPayloadReader reader{payload};
  while (const auto packet = reader.next()) {
    if (!packet->has_value() && packet->error() == EngineIoError::binary) continue;  // no event carries binary
    if (!packet->has_value()) {
      end(DisconnectReason::protocol_error);
      return HttpVerdict::refused;
    }
    if (!handle_packet(packet->value(), now)) break;
  }
  return HttpVerdict::accepted;
}

bool EngineSession::handle_probe_open(Instant now) {
  if (state_ != State::open || !is_polling() || upgrade_ != Upgrade::none) return false;
  upgrade_ = Upgrade::opened;
  upgrade_deadline_ = now + options_.upgrade_timeout;
  return true;
}

void EngineSession::handle_text(Socket socket, std::string_view text, Instant now) {
  if (state_ != State::open) return;
  if (socket == Socket::probe) {
    if (upgrade_ != Upgrade::none) handle_probe_packet(text);
    return;
  }
  const auto packet = parse_engine_io_packet(text);
  if (!packet || text.size() > options_.max_payload_bytes) {
    end(DisconnectReason::protocol_error, CloseCode::policy_violation);
    return;
  }
  handle_packet(*packet, now);
}

void EngineSession::handle_probe_packet(std::string_view text) {
  if (upgrade_ == Upgrade::opened && text == "2probe") {
    upgrade_ = Upgrade::probed;
    outputs_.push_back(SendFrame{Socket::probe, frame("3probe")});
    if (poll_waiting_) release_poll("6");
  } else if (upgrade_ == Upgrade::probed && text == "5") {
    promote();
  } else {
    drop_probe();
  }
}

void EngineSession::promote() {
  upgrade_ = Upgrade::none;
  upgrade_deadline_.reset();
  transport_ = Opening::web_socket;
  if (poll_waiting_) release_poll("6");
  outputs_.push_back(Promote{});
  flush();
}

void EngineSession::drop_probe() {
  upgrade_ = Upgrade::none;
  upgrade_deadline_.reset();
  outputs_.push_back(CloseSocket{Socket::probe, CloseCode::policy_violation});
}

void EngineSession::handle_socket_closed(Socket socket, DisconnectReason reason) {
  if (socket == Socket::probe) {
    upgrade_ = Upgrade::none;  // the client stays with polling
    upgrade_deadline_.reset();
    return;
  }
  end(reason);
}

bool EngineSession::handle_packet(const EngineIoPacket& packet, Instant now) {
  switch (packet.type) {
    case EngineIoType::message:
      outputs_.push_back(Deliver{std::string{packet.data}});
      return true;
    case EngineIoType::pong:
      if (pong_deadline_) {
        pong_deadline_.reset();
        ping_due_ = now + options_.ping_interval;
      }
      return true;
    case EngineIoType::noop:
      return true;
    case EngineIoType::close:
      // Who leaves has sent Socket.IO's DISCONNECT before. This comes from clients that give up the transport as well.
      end(DisconnectReason::transport_lost, CloseCode::normal, "6");
      return false;
    case EngineIoType::open:
    case EngineIoType::ping:  // since revision 4 the gateway pings
    case EngineIoType::upgrade:
      break;
  }
  end(DisconnectReason::protocol_error, CloseCode::policy_violation);
  return false;
}

void EngineSession::send(SharedFrame packet) {
  if (state_ != State::open) return;
  if (!is_polling()) {
    outputs_.push_back(SendFrame{Socket::main, std::move(packet)});
    return;
  }
  buffered_bytes_ += packet->size();
  buffer_.push_back(std::move(packet));
  flush();
  if (buffer_.size() > options_.max_buffered_packets || buffered_bytes_ > options_.max_buffered_bytes) {
    end(DisconnectReason::abuse);
  }
}

void EngineSession::flush() {
  if (buffer_.empty() || (is_polling() && !poll_waiting_)) return;
  std::string body;
  while (!buffer_.empty()) {
    const SharedFrame packet = buffer_.take();
    buffered_bytes_ -= std::min(buffered_bytes_, packet->size());
    if (!is_polling()) {
      outputs_.push_back(SendFrame{Socket::main, packet});
      continue;
    }
    if (!body.empty()) body.push_back(kEngineIoSeparator);
    body.append(*packet);
    if (!buffer_.empty() && body.size() + buffer_.front()->size() >= kMaxPollAnswerBytes) break;
  }
  if (is_polling()) release_poll(std::move(body));
}

void EngineSession::release_poll(std::string body) {
  poll_waiting_ = false;
  outputs_.push_back(AnswerPoll{std::move(body)});
}

void EngineSession::close(CloseCode code, DisconnectReason reason, Instant now) {
  if (state_ != State::open) return;
  if (!is_polling() || poll_waiting_) {
    end(reason, code);
    return;
  }
  buffer_.push_back(frame("1"));  // not by send(), whose bound could end the session right here
  state_ = State::closing;
  closing_reason_ = reason;
  ping_due_.reset();
  pong_deadline_.reset();
  linger_deadline_ = now + options_.close_linger;
  if (upgrade_ != Upgrade::none) drop_probe();
}

void EngineSession::end(DisconnectReason reason, CloseCode code, std::string_view poll_body) {
  if (ended()) return;
  if (poll_waiting_) release_poll(std::string{poll_body});
  if (upgrade_ != Upgrade::none) drop_probe();
  if (!is_polling()) outputs_.push_back(CloseSocket{Socket::main, code});
  state_ = State::ended;
  buffer_.clear();
  ping_due_.reset();
  pong_deadline_.reset();
  linger_deadline_.reset();
  outputs_.push_back(Ended{reason});
}

std::optional<Instant> EngineSession::next_timeout() const noexcept {
  std::optional<Instant> next;
  for (const auto& deadline : {ping_due_, pong_deadline_, upgrade_deadline_, linger_deadline_}) {
    if (deadline && (!next || *deadline < *next)) next = deadline;
  }
  return next;
}

void EngineSession::handle_timeout(Instant now) {
  if (ended()) return;
  if (upgrade_deadline_ && now >= *upgrade_deadline_) drop_probe();
  if (linger_deadline_ && now >= *linger_deadline_) return end(closing_reason_);
  if (pong_deadline_ && now >= *pong_deadline_) return end(DisconnectReason::ping_timeout);
  if (ping_due_ && now >= *ping_due_) {
    ping_due_.reset();
    pong_deadline_ = now + options_.ping_timeout;
    send(frame("2"));
  }
}

std::optional<EngineSession::Output> EngineSession::next_output() {
  if (outputs_.empty()) return std::nullopt;
  return outputs_.take();
}

}  // namespace sluice
