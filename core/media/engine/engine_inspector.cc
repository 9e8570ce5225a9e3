#include "core/media/engine/engine_inspector.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/media_record_of.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/tap_handle.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

namespace {

using media_records::ConsumerDetails;
using media_records::ConsumerRecord;
using media_records::Page;
using media_records::ProducerDetails;
using media_records::ProducerRecord;
using media_records::TransportDetails;
using media_records::TransportRecord;
using Selection = MediaInspector::Selection;

bool fits(const std::string& wanted, const std::string& name) { return wanted.empty() || wanted == name; }

bool is_selected(const Selection& which, const TransportHandle& transport) {
  return fits(which.plugin, transport.router().plugin) && fits(which.router_id, transport.router().id);
}

template <class Media>
bool is_selected(const Selection& which, const Media& media) {
  const std::string transport = media.transport() == nullptr ? std::string{} : media.transport()->id();
  return fits(which.plugin, media.router().plugin) && fits(which.router_id, media.router().id) &&
         fits(which.transport_id, transport);
}

/// A part of the handles that are selected: keys grow with age.
template <class Key, class Handle>
struct Selected {
  Selected(const std::unordered_map<Key, Handle*>& all, const Selection& which) {
    for (const auto& [key, handle] : all) {
      if (is_selected(which, *handle)) handles.push_back(handle);
    }
    total = handles.size();
    const std::size_t first = std::min(which.offset, total);
    const std::size_t end = first + std::min(which.limit, total - first);
    const auto is_before = [newest = which.newest_first](const Handle* a, const Handle* b) {
      return newest ? a->key() > b->key() : a->key() < b->key();
    };
    const auto at = [this](std::size_t i) { return handles.begin() + static_cast<std::ptrdiff_t>(i); };
    std::ranges::partial_sort(handles.begin(), at(end), handles.end(), is_before);
    handles.erase(at(end), handles.end());
    handles.erase(handles.begin(), at(first));
  }

  std::vector<Handle*> handles;
  std::size_t total = 0;
};

/// The walk over all of them is for people, who ask seldom.
template <class Key, class Handle>
Handle* find(const std::unordered_map<Key, Handle*>& all, std::string_view id) {
  const auto found = std::ranges::find_if(all, [id](const auto& entry) { return entry.second->id() == id; });
  return found == all.end() ? nullptr : found->second;
}

template <class Record>
Record* find_record(std::vector<Record>& records, std::string_view id) {
  const auto found = std::ranges::find(records, id, &Record::id);
  return found == records.end() ? nullptr : &*found;
}

template <class Record>
void fill_producers(std::vector<Record>& records, RouterStats& told) {
  for (StatsOfProducer& one : told.producers) {
    if (Record* record = find_record(records, one.id)) record->streams = std::move(one.streams);
  }
}

template <class Record>
void fill_consumers(std::vector<Record>& records, RouterStats& told) {
  for (StatsOfConsumer& one : told.consumers) {
    if (Record* record = find_record(records, one.id)) record->stats = std::move(one.stats);
  }
}

void fill_transports(std::vector<TransportRecord>& records, RouterStats& told) {
  for (StatsOfTransport& one : told.transports) {
    if (TransportRecord* record = find_record(records, one.id)) record->stats = std::move(one.stats);
  }
}

/// Of the newest handles, newest first.
template <class Details, class Handle, class Describe>
std::vector<Details> newest(const std::vector<Handle*>& handles, Describe describe) {
  std::vector<Details> out;
  for (auto at = handles.rbegin(); at != handles.rend() && out.size() < MediaInspector::kMaxNested; ++at) {
    out.push_back(describe(**at));
  }
  return out;
}

}  // namespace

/// One question. Owners: what the workers are to call back; its timer only watches it.
struct EngineInspector::Waiting {
  Waiting(std::shared_ptr<std::size_t> of, Told then) : count{std::move(of)}, told{std::move(then)} { ++*count; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { --*count; }

  void finish(std::optional<RouterStats> stats) {
    patience.cancel();
    if (told) std::exchange(told, nullptr)(std::move(stats));
  }

  std::shared_ptr<std::size_t> count;
  Told told;
  Timer patience;
};

void EngineInspector::ask(StatsQuestion question, Told then) {
  Told scoped = in_current_scope<std::optional<RouterStats>>("media inspection", std::move(then));
  if (is_full()) {
    return context_->loop.post([scoped = std::move(scoped)]() mutable { scoped(std::nullopt); });
  }
  const auto waiting = std::make_shared<Waiting>(waiting_, std::move(scoped));
  waiting->patience = context_->loop.after(kPatience, [watch = std::weak_ptr{waiting}] {
    if (const auto late = watch.lock()) late->finish(std::nullopt);
  });
  std::move(question).ask(context_, stats_, [waiting](RouterStats stats) { waiting->finish(std::move(stats)); });
}

std::map<std::string, TapUsage> EngineInspector::taps() const {
  std::map<std::string, TapUsage> all;
  for (const auto& [key, producer] : context_->producers) {
    for (const TapHandle* tap : producer->taps()) {
      TapUsage& usage = all[tap->plugin()];
      ++usage.count;
      usage.queued_bytes += tap->queue().queued_bytes();
      usage.queue_bytes += tap->queue().capacity();
      usage.dropped_packets += tap->queue().dropped();
    }
  }
  return all;
}

void EngineInspector::transports(const Selection& which, Answer<TransportRecord> answer) {
  const Selected selected{context_->transports, which};
  Page<TransportRecord> page{.entries = {}, .total = selected.total};
  StatsQuestion question{*context_};
  for (const TransportHandle* handle : selected.handles) {
    page.entries.push_back(record_of(*handle, context_->new_birth()));
    question.add(*handle);
  }
  ask(std::move(question),
      [page = std::move(page), answer = std::move(answer)](std::optional<RouterStats> told) mutable {
        if (told) fill_transports(page.entries, *told);
        answer(std::move(page));
      });
}

void EngineInspector::producers(const Selection& which, Answer<ProducerRecord> answer) {
  const Selected selected{context_->producers, which};
  Page<ProducerRecord> page{.entries = {}, .total = selected.total};
  StatsQuestion question{*context_};
  for (const ProducerHandle* handle : selected.handles) {
    page.entries.push_back(record_of(*handle, context_->new_birth()));
    question.add(*handle);
  }
  ask(std::move(question),
      [page = std::move(page), answer = std::move(answer)](std::optional<RouterStats> told) mutable {
        if (told) fill_producers(page.entries, *told);
        answer(std::move(page));
      });
}

void EngineInspector::consumers(const Selection& which, Answer<ConsumerRecord> answer) {
  const Selected selected{context_->consumers, which};
  Page<ConsumerRecord> page{.entries = {}, .total = selected.total};
  StatsQuestion question{*context_};
  for (const ConsumerHandle* handle : selected.handles) {
    page.entries.push_back(record_of(*handle, context_->new_birth()));
    question.add(*handle);
  }
  ask(std::move(question),
      [page = std::move(page), answer = std::move(answer)](std::optional<RouterStats> told) mutable {
        if (told) fill_consumers(page.entries, *told);
        answer(std::move(page));
      });
}

// The worker is asked of the path first: its answer is there when that of the statistics comes.
void EngineInspector::transport(std::string_view id, DetailsAnswer<TransportDetails> answer) {
  const TransportHandle* const handle = find(context_->transports, id);
  if (handle == nullptr) return answer(std::nullopt);
  const Birth now = context_->new_birth();
  auto details = std::make_shared<TransportDetails>(details_of(*handle, now));
  StatsQuestion question{*context_};
  question.add(*handle);
  details->sends = newest<ProducerDetails>(handle->producers(), [&](const ProducerHandle& producer) {
    question.add(producer);
    return details_of(producer, now);
  });
  details->receives = newest<ConsumerDetails>(handle->consumers(), [&](const ConsumerHandle& consumer) {
    question.add(consumer);
    return details_of(consumer, now);
  });
  if (!is_full()) ask_path(*handle, details);
  ask(std::move(question), [details, answer = std::move(answer)](std::optional<RouterStats> told) mutable {
    if (told) {
      if (!told->transports.empty()) details->stats = std::move(told->transports.front().stats);
      fill_producers(details->sends, *told);
      fill_consumers(details->receives, *told);
    }
    answer(std::move(*details));
  });
}

void EngineInspector::ask_path(const TransportHandle& transport, const std::shared_ptr<TransportDetails>& details) {
  const std::size_t udp_sockets = context_->worker(transport.worker()).ports().udp.size();
  paths_.ask(
      *context_, transport.worker(),
      [watch = std::weak_ptr{details}, udp_sockets](const PathReport& report) {
        if (const auto alive = watch.lock()) fill(*alive, report, udp_sockets);
      },
      [key = transport.key()](WorkerCore& core, Instant now) { return core.path_report(key, now); });
}

void EngineInspector::producer(std::string_view id, DetailsAnswer<ProducerDetails> answer) {
  const ProducerHandle* const handle = find(context_->producers, id);
  if (handle == nullptr) return answer(std::nullopt);
  StatsQuestion question{*context_};
  question.add(*handle);
  ask(std::move(question), [details = details_of(*handle, context_->new_birth()),
                            answer = std::move(answer)](std::optional<RouterStats> told) mutable {
    if (told && !told->producers.empty()) details.streams = std::move(told->producers.front().streams);
    answer(std::move(details));
  });
}

void EngineInspector::consumer(std::string_view id, DetailsAnswer<ConsumerDetails> answer) {
  const ConsumerHandle* const handle = find(context_->consumers, id);
  if (handle == nullptr) return answer(std::nullopt);
  StatsQuestion question{*context_};
  question.add(*handle);
  ask(std::move(question), [details = details_of(*handle, context_->new_birth()),
                            answer = std::move(answer)](std::optional<RouterStats> told) mutable {
    if (told && !told->consumers.empty()) details.stats = std::move(told->consumers.front().stats);
    answer(std::move(details));
  });
}

bool EngineInspector::close_transport(std::string_view id) {
  TransportHandle* const handle = find(context_->transports, id);
  if (handle == nullptr) return false;
  handle->end("closed by the admin API");
  return true;
}

bool EngineInspector::close_producer(std::string_view id) {
  ProducerHandle* const handle = find(context_->producers, id);
  if (handle == nullptr) return false;
  handle->end();
  return true;
}

bool EngineInspector::close_consumer(std::string_view id) {
  ConsumerHandle* const handle = find(context_->consumers, id);
  if (handle == nullptr) return false;
  if (handle->is_slot()) {
    throw Error{ErrorCode::conflict, "this consumer is an m-section of an SDP client: close its transport"};
  }
  handle->end(ConsumerEnd::producer_closed);
  return true;
}

}  // namespace sluice
