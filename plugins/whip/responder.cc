#include "responder.h"

#include <utility>

#include "http_text.h"

namespace sluice::whip {

int status_of(const Error& error) noexcept {
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) return refusal->status;
  switch (error.code()) {
    case ErrorCode::room_full:
    case ErrorCode::limit_exceeded:
    case ErrorCode::timeout:
      return 503;
    default:
      return http_status(error.code());
  }
}

Responder::Responder(Responder&& other) noexcept
    : reply_{std::move(other.reply_)},
      metrics_{other.metrics_},
      options_{other.options_},
      door_{other.door_},
      method_{std::move(other.method_)},
      open_{std::exchange(other.open_, false)} {}

Responder::~Responder() { fail(Error{ErrorCode::not_found, "the session has ended"}); }

void Responder::send(HttpReply::Response response) {
  if (!std::exchange(open_, false)) return;
  metrics_
      ->counter(
          "requests_total", "Requests by what became of them.",
          {{"door", std::string{to_string(door_)}}, {"method", method_}, {"status", std::to_string(response.status)}})
      .add();
  reply_.send(std::move(response));
}

void Responder::fail(const Error& error) {
  if (!open_) return;
  HttpReply::Response response = HttpReply::failure(error);
  response.status = status_of(error);
  if (response.status == 503) response.headers.emplace("Retry-After", std::to_string(options_->retry_after_s.count()));
  // RFC 5789 section 2.2 and RFC 9110 section 12.5.1: what would have been taken.
  if (response.status == 415) {
    if (method_ == "PATCH") {
      response.headers["Accept-Patch"] = kFragmentType;
    } else {
      response.headers["Accept-Post"] = kSdpType;
    }
  }
  send(std::move(response));
}

}  // namespace sluice::whip
