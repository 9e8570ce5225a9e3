#pragma once

#include <map>
#include <memory>
#include <string>

#include "conversations.h"

namespace sluice::chat {

/// Tells how polls stand: the newest figures of each, twice a second at most however many vote.
class PollNews {
 public:
  static constexpr std::chrono::milliseconds kInterval{500};

  PollNews(Context& context, Conversations& conversations) noexcept
      : context_{context}, conversations_{conversations} {}

  void changed(const std::shared_ptr<Conversation>& conversation, const Message& poll);

 private:
  struct News {
    std::shared_ptr<Conversation> conversation;
    Message poll;
  };
  void tell();

  Context& context_;
  Conversations& conversations_;
  std::map<std::string, News> waiting_;  // by message; as many as were voted on in one interval
  Timer timer_;
  bool armed_ = false;
};

}  // namespace sluice::chat
