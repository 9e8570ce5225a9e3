#include "sending_sections.h"

#include <algorithm>
#include <utility>

#include "publications.h"

namespace sluice::videoroom {

namespace {

MediaSource source_of(const SdpSending& section, const SendingSections::Sources& sources) {
  const auto told = sources.find(section.mid);
  if (told != sources.end()) return told->second;
  return section.kind == MediaKind::audio ? MediaSource::mic : MediaSource::webcam;
}

/// A producer cannot change its codecs or streams: such a section is published anew.
bool same_streams(const RtpParameters& a, const RtpParameters& b) {
  const auto same_codec = [](const RtpCodecParameters& x, const RtpCodecParameters& y) {
    return x.payload_type == y.payload_type && x.mime_type == y.mime_type;
  };
  const auto same_encoding = [](const RtpEncodingParameters& x, const RtpEncodingParameters& y) {
    return x.ssrc == y.ssrc && x.rid == y.rid;
  };
  return std::ranges::equal(a.codecs, b.codecs, same_codec) &&
         std::ranges::equal(a.encodings, b.encodings, same_encoding);
}

}  // namespace

void SendingSections::follow(Transport& transport, const std::vector<SdpSending>& sections, const Sources& sources) {
  close_changed(sections);
  const std::vector<std::string> ended_mids = ended(sections);
  const auto closing = static_cast<std::size_t>(
      std::ranges::count_if(ended_mids, [this](const std::string& mid) { return is_published(mid); }));
  const std::size_t staying = publications_.entries().size() - closing;

  std::vector<std::pair<std::string, DraftPublication>> drafts;
  for (const SdpSending& section : sections) {
    if (producers_.contains(section.mid)) continue;
    TrackWish wish{.kind = section.kind,
                   .rtp_parameters = section.rtp_parameters,
                   .source = source_of(section, sources),
                   .paused = false,
                   .app_data = {}};
    drafts.emplace_back(section.mid, publications_.draft(transport, std::move(wish), staying + drafts.size()));
  }

  for (const std::string& mid : ended_mids) {
    publications_.remove(producers_.at(mid));
    producers_.erase(mid);
  }
  for (auto& [mid, draft] : drafts) producers_[mid] = publications_.publish(std::move(draft));
}

// Before the new ones are made: they want the same MID, and maybe the same SSRC.
void SendingSections::close_changed(const std::vector<SdpSending>& sections) {
  for (const SdpSending& section : sections) {
    const auto known = producers_.find(section.mid);
    if (known == producers_.end()) continue;
    const auto publication = publications_.entries().find(known->second);
    if (publication == publications_.entries().end()) continue;
    if (same_streams(publication->second.producer->rtp_parameters(), section.rtp_parameters)) continue;
    publications_.remove_at_once(known->second);
    producers_.erase(known);
  }
}

std::vector<std::string> SendingSections::ended(const std::vector<SdpSending>& sections) const {
  std::vector<std::string> out;
  for (const auto& [mid, producer] : producers_) {
    if (std::ranges::find(sections, mid, &SdpSending::mid) == sections.end()) out.push_back(mid);
  }
  return out;
}

bool SendingSections::is_published(const std::string& mid) const {
  const auto known = producers_.find(mid);
  return known != producers_.end() && publications_.entries().contains(known->second);
}

std::vector<std::string> SendingSections::accepted() const {
  std::vector<std::string> out;
  for (const auto& [mid, producer] : producers_) {
    if (is_published(mid)) out.push_back(mid);
  }
  return out;
}

void SendingSections::close_all() {
  for (const auto& [mid, producer] : std::exchange(producers_, {})) publications_.remove(producer);
}

}  // namespace sluice::videoroom
