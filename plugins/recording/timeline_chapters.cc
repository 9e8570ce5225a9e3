#include "timeline_chapters.h"

#include <algorithm>
#include <map>
#include <string>

namespace sluice::recording {

namespace {

/// Where a chapter may begin.
struct Mark {
  enum class Kind : std::uint8_t { speaker, share, share_end };
  MediaTime at{};
  std::string title;
  Kind kind = Kind::speaker;
};

/// Plays a session's changes and notes what makes a chapter.
class MarkMaker {
 public:
  MarkMaker(const Session& session, const Timeline& timeline, const Settings& settings)
      : timeline_{timeline}, screens_{settings.screen_share} {
    for (const SessionTrack& track : session.tracks) {
      if (track.is_screen()) owners_[track.began.track] = track.began.participant;
    }
  }

  void operator()(const ParticipantCame& entry) { names_[entry.participant] = entry.name; }
  void operator()(const ParticipantWent& entry) {
    for (const auto& [track, owner] : owners_) {
      if (owner == entry.participant) end_share(track, entry.at_us);
    }
  }
  void operator()(const SpeakerLed& entry) {
    // Nobody: the one before has the word until somebody else takes it.
    if (entry.participant.empty() || name_of(entry.participant).empty()) return;
    speaker_ = entry.participant;
    add(entry.at_us, name_of(speaker_), Mark::Kind::speaker);
  }
  void operator()(const TrackBegan& entry) {
    if (!screens_ || !owners_.contains(entry.track) || name_of(entry.participant).empty()) return;
    shared_.push_back(entry.track);
    add(entry.at_us, name_of(entry.participant) + " shares the screen", Mark::Kind::share);
  }
  void operator()(const TrackEnd& entry) { end_share(entry.track, entry.at_us); }
  void operator()(const auto&) {}

  [[nodiscard]] std::vector<Mark> take() { return std::move(marks_); }

 private:
  void end_share(const std::string& track, std::int64_t at_us) {
    if (std::erase(shared_, track) == 0) return;
    if (!shared_.empty()) {
      add(at_us, name_of(owners_[shared_.back()]) + " shares the screen", Mark::Kind::share);
    } else {
      add(at_us, speaker_.empty() ? "Conversation" : name_of(speaker_), Mark::Kind::share_end);
    }
  }
  [[nodiscard]] std::string name_of(const std::string& participant) const {
    const auto found = names_.find(participant);
    return found == names_.end() ? std::string{} : found->second;
  }
  void add(std::int64_t at_us, std::string title, Mark::Kind kind) {
    marks_.push_back({timeline_.product_time(MediaTime{at_us}), std::move(title), kind});
  }

  const Timeline& timeline_;
  bool screens_;
  std::map<std::string, std::string> owners_;  // of screens
  std::map<std::string, std::string> names_;
  std::vector<std::string> shared_;
  std::string speaker_;
  std::vector<Mark> marks_;
};

/// @param marks  In the order of time, the first at zero.
std::vector<Mark> join_short(const std::vector<Mark>& marks, MediaTime end, MediaTime least) {
  std::vector<Mark> out;
  for (const Mark& mark : marks) {
    if (!out.empty() && mark.at - out.back().at < least) {
      // The screen goes on being shared: that is what the chapter is about.
      if (out.back().kind == Mark::Kind::share && mark.kind == Mark::Kind::speaker) continue;
      if (out.size() == 1) {
        out.back() = {out.back().at, mark.title, mark.kind};
        continue;
      }
      out.pop_back();
    }
    if (out.empty() || out.back().title != mark.title) out.push_back(mark);
  }
  if (out.size() > 1 && end - out.back().at < least) out.pop_back();
  return out;
}

}  // namespace

std::vector<media::Chapter> make_chapters(const Session& session, const Timeline& timeline, const Settings& settings) {
  MarkMaker maker{session, timeline, settings};
  for (const JournalEntry& entry : session.changes) std::visit(maker, entry);
  std::vector<Mark> marks = maker.take();
  const MediaTime end = timeline.duration();
  std::erase_if(marks, [end](const Mark& mark) { return mark.at >= end; });
  if (marks.empty()) return {};

  if (marks.front().at > MediaTime::zero()) {
    const std::string title = settings.title.empty() ? "Beginning" : settings.title;
    marks.insert(marks.begin(), Mark{.title = title});
  }
  MediaTime least = kLeastChapter;
  do {
    marks = join_short(marks, end, least);
    least *= 2;
  } while (marks.size() > kMaxChapters);

  std::vector<media::Chapter> chapters;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    chapters.push_back({marks[i].at, i + 1 < marks.size() ? marks[i + 1].at : end, marks[i].title});
  }
  return chapters;
}

}  // namespace sluice::recording
