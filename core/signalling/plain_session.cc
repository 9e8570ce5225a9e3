#include "core/signalling/plain_session.h"

namespace sluice {

void PlainSession::handle_text(std::string_view text, Instant now) {
  if (state_ == State::closed) return;
  auto frame = parse_plain_frame(text);
  const bool too_fast = !gate_.admit(now);
  if ((too_fast || !frame) && !gate_.strike(now)) {
    return close(CloseCode::policy_violation, "too many errors", DisconnectReason::abuse);
  }
  if (!frame) return answer_error(frame.error().id, frame.error().event, frame.error().error);
  if (too_fast) return answer_error(frame->id, frame->event, rate_limited_error(gate_.retry_after(now)));

  EventReceived event{std::move(frame->event), std::move(frame->data), std::move(frame->id)};
  if (state_ == State::accepted) {
    outputs_.push_back(std::move(event));
  } else if (held_.size() < kMaxHeldEvents) {
    held_.push_back(std::move(event));
  } else {
    answer_error(event.ack, event.event,
                 Error{ErrorCode::limit_exceeded,
                       "too many events before the connection is accepted",
                       {{"limit", kMaxHeldEvents}}});
  }
}

void PlainSession::accept() {
  if (state_ != State::asked) return;
  state_ = State::accepted;
  while (!held_.empty()) outputs_.push_back(held_.take());
}

void PlainSession::refuse(const Error& error) {
  if (state_ != State::asked) return;
  send(plain_event_frame("error", error_event_data("connect", error)));
  close(CloseCode::policy_violation, std::string{to_string(error.code())}, DisconnectReason::server_closed);
}

void PlainSession::close(CloseCode code, std::string reason, DisconnectReason why) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  held_.clear();
  outputs_.push_back(Close{code, std::move(reason), why});
}

void PlainSession::answer_error(const std::optional<AckId>& id, std::string_view event, const Error& error) {
  send(id ? plain_ack_frame(*id, error) : plain_event_frame("error", error_event_data(event, error)));
}

void PlainSession::send(std::string frame) {
  outputs_.push_back(Send{std::make_shared<const std::string>(std::move(frame))});
}

std::optional<PlainSession::Output> PlainSession::next_output() {
  if (outputs_.empty()) return std::nullopt;
  return outputs_.take();
}

}  // namespace sluice
