#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/media/engine/engine_context.h"
#include "core/media/engine/media_inspector.h"
#include "core/media/engine/pending_answers.h"
#include "core/media/engine/stats_question.h"
#include "core/media/worker/path_report.h"

namespace sluice {

/// What the handles of one engine say of themselves, and the workers of what these stand for.
class EngineInspector final : public MediaInspector {
 public:
  using Workers = Function<std::vector<WorkerStats>()>;

  EngineInspector(std::shared_ptr<EngineContext> context, Workers workers)
      : context_{std::move(context)}, workers_{std::move(workers)} {}

  [[nodiscard]] std::vector<WorkerStats> workers() const override { return workers_(); }
  [[nodiscard]] std::map<std::string, TapUsage> taps() const override;
  void transports(const Selection& which, Answer<media_records::TransportRecord> answer) override;
  void producers(const Selection& which, Answer<media_records::ProducerRecord> answer) override;
  void consumers(const Selection& which, Answer<media_records::ConsumerRecord> answer) override;
  void transport(std::string_view id, DetailsAnswer<media_records::TransportDetails> answer) override;
  void producer(std::string_view id, DetailsAnswer<media_records::ProducerDetails> answer) override;
  void consumer(std::string_view id, DetailsAnswer<media_records::ConsumerDetails> answer) override;
  bool close_transport(std::string_view id) override;
  bool close_producer(std::string_view id) override;
  bool close_consumer(std::string_view id) override;

 private:
  /// What the workers have told; nothing where one was silent.
  using Told = Function<void(std::optional<RouterStats>)>;
  struct Waiting;

  /// `then` runs once, later.
  void ask(StatsQuestion question, Told then);
  void ask_path(const TransportHandle& transport, const std::shared_ptr<media_records::TransportDetails>& details);
  [[nodiscard]] bool is_full() const noexcept { return *waiting_ >= kMaxWaiting; }

  std::shared_ptr<EngineContext> context_;
  mutable Workers workers_;
  PendingAnswers<RouterStats> stats_;
  PendingAnswers<PathReport> paths_;
  // Owners: this, and the questions on their way.
  std::shared_ptr<std::size_t> waiting_ = std::make_shared<std::size_t>(0);
};

}  // namespace sluice
