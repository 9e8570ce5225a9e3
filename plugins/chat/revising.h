#pragma once

#include <optional>

#include "conversations.h"
#include "poll_news.h"
#include "requests.h"
#include "upkeep.h"

namespace sluice::chat {

/// What becomes of messages that are there: edited, deleted, reacted to, voted on.
class Revising {
 public:
  Revising(Context& context, Conversations& conversations, Upkeep& upkeep, PollNews& polls) noexcept
      : context_{context}, conversations_{conversations}, upkeep_{upkeep}, polls_{polls} {}

  void edit(Client& client, const EditMessage& request, Reply reply);
  void remove(Client& client, const MessageName& request, Reply reply);
  void react(Client& client, const React& request, Reply reply);
  void vote(Client& client, const Vote& request, Reply reply);

 private:
  [[nodiscard]] Caller writer(Client& client);
  void audit(const Conversation& conversation, const Identity& actor, std::string_view action, const Message& message);

  Context& context_;
  Conversations& conversations_;
  Upkeep& upkeep_;
  PollNews& polls_;
};

}  // namespace sluice::chat
