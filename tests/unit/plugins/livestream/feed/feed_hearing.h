#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "feed/feed_records.h"
#include "sluice/testing/fake_job_records.h"

namespace sluice::testing {

/// Reads what a job was sent, and says it in short lines.
class FeedHearing {
 public:
  /// What has been written since the last call.
  std::vector<std::string> read(FakeJobRecords& records) {
    std::vector<std::string> lines;
    for (const auto& record : records.take()) {
      livestream::FeedReader reader{record};
      while (const auto entry = reader.next()) {
        lines.push_back(std::visit([this](const auto& one) { return say(one); }, *entry));
      }
      REQUIRE_FALSE(reader.malformed());
    }
    return lines;
  }

  /// All that have begun, as they were told.
  std::map<std::int64_t, livestream::FeedTrack> tracks;

 private:
  std::string say(const livestream::FeedParticipant& one) {
    return (names_[one.id] = one.name) + (one.present ? " is there" : " has left");
  }
  std::string say(const livestream::FeedTrack& one) {
    tracks[one.track] = one;
    return "track " + std::to_string(one.track) + " of " + names_.at(one.participant_id) + " begins";
  }
  static std::string say(const livestream::FeedTrackState& one) {
    return "track " + std::to_string(one.track) + (one.paused ? " pauses" : " goes on");
  }
  static std::string say(const livestream::FeedTrackEnd& one) { return "track " + std::to_string(one.track) + " ends"; }
  std::string say(const livestream::FeedSpeaker& one) {
    return (one.participant_id.empty() ? "nobody" : names_.at(one.participant_id)) + " speaks";
  }
  /// Its first byte stands for it.
  static std::string say(const livestream::FeedPacket& one) {
    return std::to_string(one.track) + ": " + (one.rtp.empty() ? "nothing" : std::to_string(one.rtp[0]));
  }

  std::map<std::string, std::string> names_;
};

}  // namespace sluice::testing
