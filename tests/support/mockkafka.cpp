// SPDX-License-Identifier: GPL-3.0-only
// mockkafka: librdkafka's mock cluster as a process of its own, commanded by its standard input.
//
// It speaks Kafka's protocol over TCP, keeps messages in memory, and has groups that rebalance. It
// does not cover: TLS and SASL, messages on disk and their replication, the admin API (topics are
// made by the command below), access lists, how long the rebalances of real brokers take (a new
// group always waits 3 s), waking a fetch when a message comes (it always waits fetch.wait.max.ms),
// and transactions' isolation.
//
// First line out: {"bootstrap":"127.0.0.1:…,…"}. Then for each line in, one line out, {"ok":true}
// or
// {"ok":false}:
//     topic NAME PARTITIONS     makes one
//     down N | up N             a broker, from 1; its connections are cut, and refused until up
//     rtt N MILLISECONDS        how late it answers
//     error API COUNT CODE      the next COUNT requests of that API key fail with that code
// It ends when its standard input does, and with its parent.
#include <array>
#include <csignal>
#include <iostream>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <vector>

namespace {

rd_kafka_resp_err_t pushErrors(rd_kafka_mock_cluster_t *cluster, std::istream &line)
{
    int api = 0;
    size_t count = 0;
    int code = 0;
    if (!(line >> api >> count >> code))
        return RD_KAFKA_RESP_ERR__INVALID_ARG;
    const std::vector<rd_kafka_resp_err_t> errors(count, static_cast<rd_kafka_resp_err_t>(code));
    rd_kafka_mock_push_request_errors_array(cluster, static_cast<int16_t>(api), count,
                                            errors.data());
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t obey(rd_kafka_mock_cluster_t *cluster, std::istream &line)
{
    std::string verb;
    line >> verb;
    if (verb == "error")
        return pushErrors(cluster, line);
    if (verb == "topic") {
        std::string name;
        int partitions = 0;
        if (line >> name >> partitions)
            return rd_kafka_mock_topic_create(cluster, name.c_str(), partitions, 1);
        return RD_KAFKA_RESP_ERR__INVALID_ARG;
    }
    int broker = 0;
    int milliseconds = 0;
    if (!(line >> broker))
        return RD_KAFKA_RESP_ERR__INVALID_ARG;
    if (verb == "down")
        return rd_kafka_mock_broker_set_down(cluster, broker);
    if (verb == "up")
        return rd_kafka_mock_broker_set_up(cluster, broker);
    if (verb == "rtt" && line >> milliseconds)
        return rd_kafka_mock_broker_set_rtt(cluster, broker, milliseconds);
    return RD_KAFKA_RESP_ERR__INVALID_ARG;
}

} // namespace

int main(int argc, char **argv)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int brokers = argc > 1 ? std::stoi(argv[1]) : 1;
    std::array<char, 512> reason{};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", "127.0.0.1:1", nullptr, 0); // or it would warn
    rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
    rd_kafka_t *host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason.data(), reason.size());
    if (!host) {
        std::cerr << reason.data() << '\n';
        return 1;
    }
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(host, brokers);
    if (!cluster)
        return 1;
    std::cout << R"({"bootstrap":")" << rd_kafka_mock_cluster_bootstraps(cluster) << "\"}"
              << std::endl;
    std::string text;
    while (std::getline(std::cin, text)) {
        std::istringstream line(text);
        const bool isOk = obey(cluster, line) == RD_KAFKA_RESP_ERR_NO_ERROR;
        std::cout << (isOk ? R"({"ok":true})" : R"({"ok":false})") << std::endl;
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(host);
    return 0;
}
