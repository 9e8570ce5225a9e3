#include "poll_news.h"

#include <utility>

namespace sluice::chat {

void PollNews::changed(const std::shared_ptr<Conversation>& conversation, const Message& poll) {
  waiting_.insert_or_assign(poll.id, News{conversation, poll});
  if (std::exchange(armed_, true)) return;
  timer_ = context_.host.timers().after(kInterval, [this] { tell(); });
}

void PollNews::tell() {
  armed_ = false;
  for (const auto& [id, news] : std::exchange(waiting_, {})) {
    json::array votes;
    for (const std::int64_t count : news.poll.poll->votes) votes.emplace_back(count);
    conversations_.tell(*news.conversation, news.poll.audience, news.poll.sender.user_id, "chat:poll",
                        json::object{{"messageId", id}, {"votes", std::move(votes)}});
  }
}

}  // namespace sluice::chat
