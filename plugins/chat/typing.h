#pragma once

#include "conversations.h"
#include "requests.h"

namespace sluice::chat {

/// Who is writing now. Told when it begins and when it ends; it ends by itself.
class Typing {
 public:
  static constexpr std::chrono::seconds kTimeToLive{3};

  Typing(Context& context, Conversations& conversations) noexcept : context_{context}, conversations_{conversations} {}

  void set(Client& client, const SetTyping& request);
  void end(Conversation& conversation, Participant& participant);

 private:
  void arm(const std::shared_ptr<Conversation>& conversation, Attendee& attendee, const std::string& participant_id);
  void tell(Conversation& conversation, const Participant& participant, const Audience& audience, bool typing);

  Context& context_;
  Conversations& conversations_;
};

}  // namespace sluice::chat
