#pragma once

#include "conversations.h"
#include "requests.h"

namespace sluice::chat {

/// What was said before: pages of the history, and what a participant has missed while its connection was lost.
class Reading {
 public:
  Reading(Context& context, Conversations& conversations);

  void history(Client& client, const ReadHistory& request, Reply reply);

 private:
  void went_away(Participant& participant);
  void came_back(Participant& participant);
  void tell_missed(const std::shared_ptr<Conversation>& conversation, const std::string& participant_id,
                   const Page& missed);

  Context& context_;
  Conversations& conversations_;
};

}  // namespace sluice::chat
