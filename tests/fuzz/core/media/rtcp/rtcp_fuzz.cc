// Walks a hostile compound through every view, and writes back what was read: the copy must read the same.
#include <array>
#include <cstdlib>
#include <set>
#include <vector>

#include "core/media/rtcp/rtcp_builder.h"
#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtcp/rtcp_reports.h"

namespace sluice {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::array<std::uint8_t, 0x4'0000> g_buffer;  ///< for the longest block that a length can say

RtcpBlock only_block(const RtcpBuilder& builder) { return RtcpCompound::parse(builder.bytes())->begin().operator*(); }

void read_sender_report(const RtcpBlock& block) {
  const auto report = SenderReport::parse(block);
  if (!report) return;
  std::vector<ReportBlock> reports;
  for (const ReportBlock& each : report->reports) reports.push_back(each);
  RtcpBuilder builder{g_buffer};
  require(builder.add_sender_report(report->sender, report->info, reports).has_value());
  const auto copy = SenderReport::parse(only_block(builder));
  require(copy.has_value() && copy->sender == report->sender && copy->info == report->info);
  for (std::size_t i = 0; i < reports.size(); ++i) require(copy->reports[i] == reports[i]);
}

void read_receiver_report(const RtcpBlock& block) {
  const auto report = ReceiverReport::parse(block);
  if (!report) return;
  std::vector<ReportBlock> reports;
  for (const ReportBlock& each : report->reports) reports.push_back(each);
  RtcpBuilder builder{g_buffer};
  require(builder.add_receiver_report(report->sender, reports).has_value());
  const auto copy = ReceiverReport::parse(only_block(builder));
  require(copy.has_value() && copy->reports.size() == reports.size());
}

void read_description(const RtcpBlock& block) {
  const auto description = SourceDescription::parse(block);
  if (!description) return;
  require(description->chunks().size() == block.count);
  for (const auto& chunk : description->chunks()) {
    RtcpBuilder builder{g_buffer};
    require(builder.add_cname(chunk.source, chunk.cname).has_value());
    const auto copy = SourceDescription::parse(only_block(builder));
    require(copy.has_value() && copy->chunks()[0].cname == chunk.cname);
  }
}

void read_goodbye(const RtcpBlock& block) {
  const auto bye = Goodbye::parse(block);
  if (!bye) return;
  std::vector<Ssrc> sources;
  for (const Ssrc source : bye->sources) sources.push_back(source);
  RtcpBuilder builder{g_buffer};
  require(builder.add_bye(sources, bye->reason).has_value());
  const auto copy = Goodbye::parse(only_block(builder));
  require(copy.has_value() && copy->reason == bye->reason && copy->sources.size() == sources.size());
}

std::vector<RtpSequence> lost_in(const Feedback& feedback) {
  std::vector<RtpSequence> lost;
  for (const NackItem item : nack_items(feedback)) {
    for_each_lost(item, [&lost](RtpSequence sequence) { lost.push_back(sequence); });
  }
  return lost;
}

std::set<RtpSequence> as_set(const std::vector<RtpSequence>& list) { return {list.begin(), list.end()}; }

void read_feedback(const RtcpBlock& block) {
  const auto feedback = Feedback::parse(block);
  if (!feedback) return;
  if (feedback->kind == FeedbackKind::fir) {
    for (const FirEntry entry : fir_entries(*feedback)) {
      RtcpBuilder builder{g_buffer};
      require(builder.add_fir(feedback->sender, entry).has_value());
      require(fir_entries(*Feedback::parse(only_block(builder)))[0] == entry);
    }
  }
  if (feedback->kind != FeedbackKind::nack) return;
  const auto lost = lost_in(*feedback);
  RtcpBuilder builder{g_buffer};
  require(builder.add_nack(feedback->sender, feedback->media, lost).value() == lost.size());
  require(as_set(lost_in(*Feedback::parse(only_block(builder)))) == as_set(lost));
}

void run(Bytes input) {
  static_cast<void>(is_rtcp(input));
  const auto compound = RtcpCompound::parse(input);
  if (!compound) return;
  for (const RtcpBlock& block : *compound) {
    read_sender_report(block);
    read_receiver_report(block);
    read_description(block);
    read_goodbye(block);
    read_feedback(block);
  }
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::run({data, size});
  return 0;
}
