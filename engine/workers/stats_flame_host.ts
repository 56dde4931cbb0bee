import { errorToData } from "../../runtime/errors.ts";
import type { FlameReply, FlameRequest } from "../../runtime/flame_messages.ts";
import type { StatsReply } from "../../runtime/messages.ts";
import type { StatsFlameReply, StatsFlameRequest } from "../../runtime/stats_flame_messages.ts";
import { RowBuilder } from "../event_rows.ts";
import { FlameHost } from "./flame_host.ts";
import { checkProtocol, type HostAnswer, started, unknownKind } from "./host_checks.ts";
import { StatsHost } from "./stats_host.ts";

const WHAT = "stats and flame worker";

/** The two that share the names of the batches. */
interface Hosts {
  stats: StatsHost;
  flame: FlameHost;
}

/**
 * Answers the requests of a worker that has both the statistics and the trie. Knows nothing of workers: plain data in, plain
 * data out. Requests take effect in the order of the calls.
 */
export class StatsFlameHost {
  #hosts: Hosts | null = null;

  /** Answers a request; every failure is an answer too. */
  async answer(request: StatsFlameRequest): Promise<HostAnswer<StatsFlameReply>> {
    try {
      return await this.#answer(request);
    } catch (error) {
      return { reply: { kind: "failed", id: request.id, error: errorToData(error) }, transfer: [] };
    }
  }

  #answer(request: StatsFlameRequest): Promise<HostAnswer<StatsFlameReply>> | HostAnswer<StatsFlameReply> {
    switch (request.kind) {
      case "hello": {
        const { stats, flame } = request.config;
        checkProtocol(WHAT, request.protocol);
        const rows = new RowBuilder(stats.arch);
        this.#hosts = { stats: new StatsHost(rows), flame: new FlameHost(undefined, rows) };
        return this.#both(
          this.#hosts.stats.answer({ ...request, config: stats }),
          { ...request, config: flame },
        );
      }
      case "ingest":
      case "ingest_cells":
        return this.#both(started(WHAT, this.#hosts).stats.answer(request), request);
      case "snapshot":
      case "sums":
        return started(WHAT, this.#hosts).stats.answer(request);
      case "profile":
        return started(WHAT, this.#hosts).flame.answer(request) as Promise<HostAnswer<StatsFlameReply>>;
      default:
        throw unknownKind(WHAT, request satisfies never);
    }
  }

  /** The answer of the statistics, unless the trie cannot do what is asked of it. */
  async #both(
    stats: HostAnswer<StatsReply>,
    request: FlameRequest,
  ): Promise<HostAnswer<StatsFlameReply>> {
    if (stats.reply.kind === "failed") return stats;
    const flame = await started(WHAT, this.#hosts).flame.answer(request);
    return isFailed(flame) ? flame : stats;
  }
}

type Failed = HostAnswer<Extract<FlameReply, { kind: "failed" }>>;

function isFailed(answer: HostAnswer<FlameReply>): answer is Failed {
  return answer.reply.kind === "failed";
}
