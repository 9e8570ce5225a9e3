#pragma once

#include <memory>

#include "posting.h"
#include "sluice/rest.h"
#include "transcript.h"

namespace sluice::chat {

/// The chat's part of the meetings' REST API.
class MeetingPart {
 public:
  MeetingPart(Context& context, Conversations& conversations, Posting& posting, Transcripts& transcripts);

 private:
  void serve(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  void send_page(const HttpRequest& request, const Viewer& viewer, rest::Reply reply);
  void add_post_route(const std::string& prefix);

  Context& context_;
  Conversations& conversations_;
  Posting& posting_;
  Transcripts& transcripts_;
  std::unique_ptr<Meetings::Registration> part_;
  std::unique_ptr<Meetings::Registration> figure_;
};

}  // namespace sluice::chat
