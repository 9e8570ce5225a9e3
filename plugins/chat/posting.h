#pragma once

#include <string>

#include "conversations.h"
#include "requests.h"
#include "sluice/function.h"
#include "typing.h"

namespace sluice::chat {

/// Where the answer to one message goes; one of the two is called, once.
struct PostAnswer {
  Function<void(const Message&)> stored;
  Function<void(const Error&)> failed;
  void fail(const Error& error) { failed(error); }
};

/// New messages: checked, stored, acknowledged, told, in this order.
class Posting {
 public:
  Posting(Context& context, Conversations& conversations, Typing& typing) noexcept
      : context_{context}, conversations_{conversations}, typing_{typing} {}

  void send(Client& client, const SendMessage& request, Reply reply);
  /// Throws Error where the message may not be.
  void post(Caller caller, const SendMessage& request, PostAnswer answer);

 private:
  [[nodiscard]] Message draft(const Caller& caller, const SendMessage& request);
  void stored(const std::shared_ptr<Conversation>& conversation, const Identity& sender, const Message& message,
              std::int64_t revision);

  Context& context_;
  Conversations& conversations_;
  Typing& typing_;
};

/// To whom `to` is in this room; Error{not_found} for who is not there.
[[nodiscard]] Audience resolve_audience(Room& room, const std::optional<Id>& to);

/// The text as it is kept; Error{invalid_payload} where it is too long, or empty.
[[nodiscard]] std::string checked_text(const Options& options, const std::string& text);

}  // namespace sluice::chat
