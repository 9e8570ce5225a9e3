#pragma once

#include <memory>
#include <string>

#include "conversations.h"
#include "requests.h"
#include "sluice/http.h"
#include "tickets.h"

namespace sluice::chat {

/// Everything that was said, as one file: for those who moderate, with what they may see.
class Transcripts {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 20;

  Transcripts(Context& context, Conversations& conversations) noexcept
      : context_{context}, conversations_{conversations} {}

  /// `chat:export`: where it is to be had, once.
  [[nodiscard]] json::object offer(Client& client, const Export& request);
  /// `GET /api/chat/transcripts/{ticket}`
  void serve(const HttpRequest& request, HttpReply reply);
  /// What `viewer` may see, as a download; without the oldest where that is too much.
  void write(const Viewer& viewer, const std::string& title, TranscriptFormat format, HttpReply reply);
  /// Has it written down that `actor` gets a transcript.
  void audit(std::string_view tenant, std::string_view room_id, const Identity& actor, TranscriptFormat format);

 private:
  struct Offer {
    Viewer viewer;
    std::string title;
    TranscriptFormat format;
  };
  struct Draft;
  void add_page(std::shared_ptr<Draft> draft);

  Context& context_;
  Conversations& conversations_;
  Tickets<Offer> offers_;
};

}  // namespace sluice::chat
