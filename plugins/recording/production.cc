#include "production.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "production_folder.h"
#include "production_maker.h"
#include "production_remux.h"
#include "timeline_chapters.h"
#include "timeline_transcript.h"

namespace sluice::recording {

namespace {

constexpr int kStopped = 2;
/// What remains once the file's last second is coded: it is rewritten with its index in front.
constexpr int kFinishingPercent = 97;
constexpr int kThumbnailWidth = 640;

/// Sends each percent once.
class ProgressTeller {
 public:
  explicit ProgressTeller(JobContext& context) : context_{context} {}
  void tell(int percent, const std::string& stage) {
    if (percent <= std::exchange(told_, std::max(told_, percent))) return;
    context_.send({{"progress", to_json(ProductionProgress{.percent = percent, .stage = stage})}});
  }

 private:
  JobContext& context_;
  int told_ = -1;
};

class Production {
 public:
  Production(JobContext& context, ProductionOrder order)
      : context_{context}, order_{std::move(order)}, plan_{plan_product(order_)}, progress_{context} {}

  /// @return false: stopped.
  bool run();

 private:
  void read();
  void require_something() const;
  [[nodiscard]] std::optional<Made> make(OutputFolder& folder);
  [[nodiscard]] std::optional<std::size_t> find_copyable() const;
  void write_thumbnail(OutputFolder& folder, const media::VideoFrame& picture);
  void write_transcripts(OutputFolder& folder);
  void send_report(const Made& made, std::vector<ProductFile> files);

  JobContext& context_;
  ProductionOrder order_;
  ProductPlan plan_;
  ProgressTeller progress_;
  Session session_;
  Missing missing_;
  Survey survey_;
  Timeline timeline_{{}, MediaTime::zero()};
  std::vector<media::Chapter> chapters_;
  bool copied_ = false;
};

bool Production::run() {
  progress_.tell(0, "reading");
  read();
  require_something();
  OutputFolder folder{order_.output_folder};
  const auto made = make(folder);
  if (!made) return false;
  progress_.tell(kFinishingPercent + 1, "finishing");
  folder.take({.name = plan_.file_name, .kind = "recording", .content_type = plan_.content_type});
  write_thumbnail(folder, made->thumbnail);
  write_transcripts(folder);
  send_report(*made, folder.finish());
  progress_.tell(100, "finishing");
  return true;
}

void Production::read() {
  const auto journal = (std::filesystem::path{order_.session_folder} / kJournalFile).string();
  session_ = read_session(read_journal(journal));
  survey_ = survey_files(session_, order_.settings, order_.session_folder, missing_);
  for (const std::string& problem : survey_.problems) std::cerr << problem << '\n';
  timeline_ = Timeline{session_.pauses, survey_.end};
  chapters_ = make_chapters(session_, timeline_, order_.settings);
}

void Production::require_something() const {
  if (timeline_.duration() <= MediaTime::zero()) throw std::runtime_error{"nothing was recorded"};
  const bool any = std::ranges::find(survey_.readable, true) != survey_.readable.end();
  if (any || survey_.problems.empty()) return;
  throw std::runtime_error{"nothing of the recording can be read; " + survey_.problems.front()};
}

std::optional<Made> Production::make(OutputFolder& folder) {
  Making making{.order = order_,
                .session = session_,
                .timeline = timeline_,
                .survey = survey_,
                .missing = missing_,
                .plan = plan_};
  making.file = {.path = folder.draft(plan_.file_name),
                 .plan = plan_,
                 .metadata = describe_product(session_, order_.settings),
                 .chapters = chapters_};
  const auto only = find_copyable();
  if (only) {
    const auto path = path_of(session_.tracks[*only], order_.session_folder);
    making.file.copied_video = media::FileReader{*path}.tracks().front();
  }
  copied_ = only.has_value();
  const std::string stage = copied_ ? "remuxing" : "composing";
  ProductMaker maker{making, [this, stage](double done) {
                       progress_.tell(1 + static_cast<int>(done * (kFinishingPercent - 1)), stage);
                       return !context_.stop_requested();
                     }};
  if (only) return maker.copy(*only);
  return plan_.has_picture ? maker.compose() : maker.mix_only();
}

std::optional<std::size_t> Production::find_copyable() const {
  const auto only = find_only_picture(session_, timeline_, order_);
  if (!only || !survey_.readable[*only]) return std::nullopt;
  const auto path = path_of(session_.tracks[*only], order_.session_folder);
  return path && is_copyable(session_, timeline_, *only, *path) ? only : std::nullopt;
}

void Production::write_thumbnail(OutputFolder& folder, const media::VideoFrame& picture) {
  if (!picture) return;
  const auto jpeg = media::encode_jpeg(picture, kThumbnailWidth);
  folder.write({.name = "thumbnail.jpg", .kind = "thumbnail", .content_type = "image/jpeg"},
               {reinterpret_cast<const char*>(jpeg.data()), jpeg.size()});
}

void Production::write_transcripts(OutputFolder& folder) {
  if (!order_.settings.chat) return;
  const auto transcript = make_transcript(session_, timeline_);
  if (transcript.empty()) return;
  folder.write({.name = "chat.vtt", .kind = "transcript", .content_type = "text/vtt"},
               to_webvtt(transcript, timeline_.duration()));
  folder.write({.name = "chat.json", .kind = "transcript", .content_type = "application/json"},
               to_json_text(transcript, session_.began));
}

void Production::send_report(const Made& made, std::vector<ProductFile> files) {
  ProductionReport report;
  report.files = std::move(files);
  report.duration_ms = made.duration.count() / 1'000;
  report.width = made.size.width;
  report.height = made.size.height;
  report.participants = static_cast<int>(session_.count_participants());
  report.chapters = static_cast<int>(chapters_.size());
  report.remuxed = copied_;
  report.missing_ms = missing_.total(timeline_).count() / 1'000;
  context_.send({{"report", to_json(report)}});
}

}  // namespace

int produce(JobContext& context) {
  Production production{context, from_json<ProductionOrder>(json::value(context.arguments()))};
  return production.run() ? 0 : kStopped;
}

}  // namespace sluice::recording
