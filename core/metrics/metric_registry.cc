#include "core/metrics/metric_registry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <set>

namespace sluice {

namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_{counter} {}
  void add(double amount) noexcept override { counter_.Increment(amount); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_{gauge} {}
  void set(double value) noexcept override { gauge_.Set(value); }
  void add(double amount) noexcept override { gauge_.Increment(amount); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_{histogram} {}
  void observe(double value) noexcept override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

class PrometheusTally final : public TallyHistogram {
 public:
  explicit PrometheusTally(prometheus::Histogram& histogram) : histogram_{histogram} {}
  void add(std::span<const std::uint64_t> added, double sum) noexcept override {
    histogram_.ObserveMultiple({added.begin(), added.end()}, sum);
  }

 private:
  prometheus::Histogram& histogram_;
};

MetricLabels other_labels(MetricLabels labels) {
  for (auto& [name, value] : labels) value = "other";
  return labels;
}

class ComponentMetrics final : public CoreMetrics {
 public:
  ComponentMetrics(std::string prefix, std::size_t max_label_sets, prometheus::Registry& registry)
      : prefix_{std::move(prefix)}, max_label_sets_{max_label_sets}, registry_{registry} {}

  Counter& counter(std::string_view name, std::string_view help, const MetricLabels& labels) override {
    return get(counters_, name, labels, [&](const std::string& full_name, const MetricLabels& bounded) {
      return std::make_unique<PrometheusCounter>(
          prometheus::BuildCounter().Name(full_name).Help(std::string{help}).Register(registry_).Add(bounded));
    });
  }

  Gauge& gauge(std::string_view name, std::string_view help, const MetricLabels& labels) override {
    return get(gauges_, name, labels, [&](const std::string& full_name, const MetricLabels& bounded) {
      return std::make_unique<PrometheusGauge>(
          prometheus::BuildGauge().Name(full_name).Help(std::string{help}).Register(registry_).Add(bounded));
    });
  }

  Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bucket_bounds,
                       const MetricLabels& labels) override {
    return get(histograms_, name, labels, [&](const std::string& full_name, const MetricLabels& bounded) {
      return std::make_unique<PrometheusHistogram>(add_histogram(full_name, help, bounded, bucket_bounds));
    });
  }

  TallyHistogram& tally_histogram(std::string_view name, std::string_view help, std::vector<double> bucket_bounds,
                                  const MetricLabels& labels) override {
    return get(tallies_, name, labels, [&](const std::string& full_name, const MetricLabels& bounded) {
      return std::make_unique<PrometheusTally>(add_histogram(full_name, help, bounded, bucket_bounds));
    });
  }

 private:
  template <class T>
  using Family = std::map<std::string, std::map<MetricLabels, std::unique_ptr<T>>, std::less<>>;

  prometheus::Histogram& add_histogram(const std::string& full_name, std::string_view help, const MetricLabels& labels,
                                       const std::vector<double>& bounds) {
    return prometheus::BuildHistogram().Name(full_name).Help(std::string{help}).Register(registry_).Add(labels, bounds);
  }

  template <class T, class Make>
  T& get(Family<T>& families, std::string_view name, const MetricLabels& labels, Make make) {
    const std::lock_guard lock{mutex_};
    auto& family = families[std::string{name}];
    if (const auto found = family.find(labels); found != family.end()) return *found->second;
    const bool full = family.size() >= max_label_sets_;
    const MetricLabels bounded = full ? other_labels(labels) : labels;
    auto& metric = family[bounded];
    if (metric == nullptr) metric = make(prefix_ + std::string{name}, bounded);
    return *metric;
  }

  const std::string prefix_;
  const std::size_t max_label_sets_;
  prometheus::Registry& registry_;
  std::mutex mutex_;
  Family<Counter> counters_;
  Family<Gauge> gauges_;
  Family<Histogram> histograms_;
  Family<TallyHistogram> tallies_;
};

std::string prefix_of(std::string_view component) {
  std::string prefix = "sluice_" + std::string{component} + "_";
  for (char& c : prefix) {
    if (c == '-' || c == '.') c = '_';
  }
  return prefix;
}

}  // namespace

class MetricRegistry::Impl {
 public:
  CoreMetrics& component(std::string_view name, std::string prefix, std::size_t max_label_sets) {
    const std::lock_guard lock{mutex_};
    auto& metrics = components_[std::string{name}];
    if (metrics == nullptr) {
      metrics = std::make_unique<ComponentMetrics>(std::move(prefix), max_label_sets, registry_);
    }
    return *metrics;
  }

  void before_expose(std::function<void()> refresh) {
    const std::lock_guard lock{expose_mutex_};
    refreshers_.push_back(std::move(refresh));
  }

  std::string expose() {
    const std::lock_guard lock{expose_mutex_};
    for (const auto& refresh : refreshers_) refresh();
    return prometheus::TextSerializer{}.Serialize(registry_.Collect());
  }

 private:
  std::mutex mutex_;
  // Merging gives every component of a shared family the same one instead of throwing.
  prometheus::Registry registry_{prometheus::Registry::InsertBehavior::Merge};
  std::map<std::string, std::unique_ptr<ComponentMetrics>, std::less<>> components_;
  std::mutex expose_mutex_;  // scrapers wait for each other, nobody else does
  std::vector<std::function<void()>> refreshers_;
};

MetricRegistry::MetricRegistry() : impl_{std::make_unique<Impl>()} {}
MetricRegistry::~MetricRegistry() = default;

CoreMetrics& MetricRegistry::component(std::string_view name, std::size_t max_label_sets) {
  return impl_->component(name, prefix_of(name), max_label_sets);
}

// No component is called so: `<` is no part of a plugin's name.
CoreMetrics& MetricRegistry::process() { return impl_->component("<process>", "process_", kMaxLabelSets); }

void MetricRegistry::before_expose(std::function<void()> refresh) { impl_->before_expose(std::move(refresh)); }

std::string MetricRegistry::expose() const { return impl_->expose(); }

}  // namespace sluice
