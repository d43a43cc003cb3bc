/* The exchange of plans between daemons and one cabinet, for spin: docs/protocol.md.
 *
 * Each step names in brackets the function of Sources/Cabinets or the section of
 * docs/cabinet-map.md that it stands for; test_protocol.py sees to it that they exist. What a step
 * leaves open, such as how long a message takes or when a stage ends, is open to every choice.
 *
 * Bounds and mutations come as -D options. A mutation takes one safeguard away, and the test wants
 * spin to find what the safeguard is there for.
 */

#ifndef DAEMONS
#define DAEMONS 2   /* each with an epoch of its own, from 1; one that is started again is another */
#endif
#ifndef ORDERS
#define ORDERS 2    /* that each daemon gives at most, 3 at most */
#endif
#ifndef RELEASE
#define RELEASE 0   /* sequence number that gives control back instead of bringing a plan; 0: none */
#endif
#ifndef LATE
#define LATE 1      /* messages under way on connections that were given up, 2 at most */
#endif
#ifndef LEASE
#define LEASE 1     /* steps of the clock */
#endif
#ifndef RESTARTS
#define RESTARTS 0  /* of the cabinet */
#endif
#ifndef PERSONS
#define PERSONS 0   /* that take the cabinet over by hand */
#endif
#ifndef TEARS
#define TEARS 0     /* orders that reach the cabinet half */
#endif

/* What is claimed of every step; a test of a mutation checks one claim alone. */
#define WHOLE 1
#define ORDERLY 2
#define KEPT 4
#define TRUE_TO_WORD 8
#ifndef CLAIMS
#define CLAIMS 15
#endif
#define claim(which, holds) assert(!(CLAIMS & which) || (holds))

/* An order, by epoch and sequence: nobody gives a number twice [ExchangeOrders launch], so number and
 * content are one. 0 is the cabinet's own plan. */
#define ORDER(epoch, sequence) ((epoch) * 4 + (sequence))
#define EPOCH(order) ((order) >> 2)
#define SEQUENCE(order) ((order) & 3)
#define IS_RELEASE(order) (SEQUENCE(order) == RELEASE)
#define BIT(order) (1 << (order))

/* Codes of the block "result" [map: Result]. REFUSED stands for 0x84 to 0x8D. */
#define NONE 0
#define PENDING 1
#define ACTIVE 2
#define FINISHED 3
#define CHECKSUM 4
#define STALE_EPOCH 5
#define STALE_SEQUENCE 6
#define REFUSED 7
#define IS_REFUSAL (code >= CHECKSUM)
/* Codes that speak of another order than the one whose number stands beside them. */
#define IS_OF_ANOTHER (code == CHECKSUM || code == STALE_EPOCH || code == STALE_SEQUENCE)

/* ---- The cabinet ---- */

byte highest, sequence;    /* retentive [map: How a plan runs] */
byte code;
byte mark;                 /* the last order that was admitted, to know it when it comes again */
byte running, pend;        /* the order that runs, and the one that waits to take over */
byte lease;
bool returning, person;
bool isBusy;               /* a plan was taken, so another may come too soon */

/* For the claims: the newest order that was accepted, and what became of it; a bit for each order
 * that was ever accepted, and that a daemon says came to nothing. */
byte newest;
bool newestRan, newestEnded;
int accepted, disclaimed;

/* The newest accepted order waits, runs, or has ended for a reason. */
#define NOTHING_LOST \
  claim(KEPT, newest == 0 || newestEnded || running == newest || pend == newest)

#define IS_CURRENT(order) (EPOCH(order) == highest && SEQUENCE(order) == sequence)

/* [CabinetOrders conclude] [CabinetOrders finish] */
inline finish(order) {
  newestEnded = newestEnded || (order != 0 && order == newest);
  if
  :: order != 0 && !IS_REFUSAL && IS_CURRENT(order) -> code = FINISHED
  :: else
  fi
}

/* [StageRunner takeOver] */
inline takeOver(order) {
  if
  :: order == 0 -> finish(running)
  :: order != 0 ->
    /* None of an older epoch runs after a newer one was accepted, nor any older order. */
    claim(ORDERLY, order == newest);
    newestRan = true;
    if
    :: IS_CURRENT(order) -> code = ACTIVE
    :: else
    fi
  fi;
  running = order; pend = 0; returning = false
}

/* [CabinetOrders lapse] */
inline lapse() {
  lease = 0;
  finish(pend);
  pend = 0;
  returning = returning || running != 0
}

/* [CabinetOrders carryOut] [CabinetOrders accept] */
inline accept(order, isTorn) {
  /* No torn plan runs. */
  claim(WHOLE, !isTorn);
  /* What a daemon says came to nothing does not come back. */
  claim(TRUE_TO_WORD, !(disclaimed & BIT(order)));
  /* Nothing older is taken after something newer. */
  claim(ORDERLY, order > newest);
  newest = order; newestRan = false; newestEnded = false;
  accepted = accepted | BIT(order);
  lease = LEASE; isBusy = true;
  if
  :: running != 0 -> returning = false
  :: else
  fi;
  if
  :: true -> takeOver(order)
  :: true -> pend = order; code = PENDING
  fi
}

/* [CabinetOrders admit] [CabinetOrders raise] */
inline admit(order, isTorn) {
  if
#ifndef WITHOUT_FENCING
  :: EPOCH(order) < highest -> code = STALE_EPOCH
  :: EPOCH(order) >= highest ->
#else
  :: true ->
#endif
    if
    :: EPOCH(order) != highest -> highest = EPOCH(order); sequence = 0; code = NONE; mark = 0
    :: else
    fi;
    if
#ifndef WITHOUT_SEQUENCE
    :: SEQUENCE(order) <= sequence -> code = STALE_SEQUENCE
    :: SEQUENCE(order) > sequence ->
#else
    :: true ->
#endif
      mark = order; sequence = SEQUENCE(order); code = NONE;
      if
      :: IS_RELEASE(order) -> lapse(); code = FINISHED
      :: !IS_RELEASE(order) -> code = REFUSED /* [CabinetJudgement judge] */
      :: !IS_RELEASE(order) && !person -> accept(order, isTorn)
      fi
    fi
  fi
}

/* [CabinetOrders take] [CabinetOrders takeUnreadable] [CabinetOrders isTooSoon] */
inline takeOrder(order, isTorn, exception) {
  if
#ifndef WITHOUT_CHECKSUM
  :: isTorn -> code = CHECKSUM
  :: !isTorn && order == mark /* no effect */
  :: !isTorn && order != mark ->
#else
  :: order == mark
  :: order != mark ->
#endif
    if
    :: isBusy && !IS_RELEASE(order) -> exception = true
    :: true -> admit(order, isTorn)
    fi
  fi
}

#ifdef WITHOUT_FENCING
#define IS_OF_HIGHEST(order) true
#else
#define IS_OF_HIGHEST(order) (EPOCH(order) == highest)
#endif

/* [CabinetOrders take] [map: Heartbeat] */
inline takeHeartbeat(order) {
  if
  :: lease != 0 && order == (pend != 0 -> pend : running) && IS_OF_HIGHEST(order) ->
    /* Nobody keeps up what was replaced. */
    claim(ORDERLY, order == newest);
    lease = LEASE
  :: else
  fi
}

/* ---- The wire ---- */

/* Messages on connections that a daemon has given up and the network has not: an order, or the
 * heartbeat of one. All others are answered, or lost, before their daemon does anything else
 * [PlanExchange nextRequest], and what it makes of the answer is its own affair: so sending, taking
 * and answering are one step here, and nothing is missed by that. */
byte lateOrder[LATE];
bool lateIsBeat[LATE];
byte tears;

#define UNKNOWN 0
#define ANSWERED 1
#define EXCEPTION 2

/* The cabinet takes a message. Of an order it may see one half only, and something else in place of
 * the other: a write is no single instant for a programmable controller [map: Plan]. */
inline handle(order, isBeat, exception) {
  if
  :: isBeat -> takeHeartbeat(order)
  :: !isBeat -> takeOrder(order, false, exception)
  :: !isBeat && tears < TEARS -> tears++; takeOrder(order, true, exception)
  fi;
  NOTHING_LOST
}

/* A message goes out; what is known of it stands in `answer`. */
inline send(order, isBeat) {
  if
  :: true /* lost */
  :: lateOrder[0] == 0 -> lateOrder[0] = order; lateIsBeat[0] = isBeat
#if LATE > 1
  :: lateOrder[0] != 0 && lateOrder[1] == 0 -> lateOrder[1] = order; lateIsBeat[1] = isBeat
#endif
  :: true ->
    exception = false;
    handle(order, isBeat, exception);
    if
    :: answer = (exception -> EXCEPTION : ANSWERED)
    :: true /* the answer is lost */
    fi;
    exception = false
  fi
}

/* What was late arrives after all, or never. */
active proctype Network() {
  byte slot;
  bool exception;
end:
  do
  :: atomic {
      if
      :: lateOrder[0] != 0 -> slot = 0
#if LATE > 1
      :: lateOrder[1] != 0 -> slot = 1
#endif
      fi;
      if
      :: true -> handle(lateOrder[slot], lateIsBeat[slot], exception)
      :: true
      fi;
      lateOrder[slot] = 0; lateIsBeat[slot] = false; slot = 0; exception = false
    }
  od
}

/* ---- What goes on in the cabinet by itself ---- */

/* [StageRunner run] */
active proctype Clock() {
end:
  do
#ifndef WITHOUT_LEASE
  :: atomic {
      lease != 0 -> lease--;
      if
      :: lease == 0 -> lapse()
      :: else
      fi;
      NOTHING_LOST
    }
#else
  :: false
#endif
  od
}

/* A boundary at which a change may happen [StageRunner endGreen] [StageRunner successor]. */
active proctype Boundary() {
end:
  do
  :: atomic {
      if
#ifndef WITHOUT_BOUNDARIES
      :: pend != 0 -> takeOver(pend)
#endif
#ifdef DROPPING_WHAT_WAITS
      :: pend != 0 -> pend = 0
#endif
      :: pend == 0 && returning -> takeOver(0)
      fi;
      NOTHING_LOST
    }
  od
}

/* The cabinet was switched off and on, and the daemon has not noticed. */
bool rebooted[DAEMONS];

/* [VirtualCabinet restart] [VirtualCabinet setSource] */
active proctype Circumstances() {
  byte restarts, persons;
end:
  do
  :: atomic {
      restarts < RESTARTS -> restarts++;
      running = 0; pend = 0; lease = 0; mark = 0; code = NONE;
      returning = false; person = false; isBusy = false;
      newestEnded = true; rebooted[0] = true;
#if DAEMONS > 1
      rebooted[1] = true;
#endif
#if DAEMONS > 2
      rebooted[2] = true;
#endif
#ifdef WITHOUT_RETENTION
      highest = 0; sequence = 0;
#endif
    }
  :: atomic {
      persons < PERSONS && !person -> persons++; person = true;
      finish(pend); finish(running);
      running = 0; pend = 0; lease = 0; returning = false;
      NOTHING_LOST
    }
  :: person -> person = false
  od
}

/* ---- The daemon ---- */

#define NO_FLIGHT 0
#define WRITING 1
#define UNCERTAIN 2
#define ARRIVED 3
#define TAKEN 4

/* No answer came [PlanExchange lose] [ExchangeOrders orderUncertain]. */
inline lose() {
  known = false;
  if
  :: stage == WRITING || stage == ARRIVED -> stage = UNCERTAIN; isDoubtful = true
  :: else
  fi
}

/* The order is no longer followed. */
inline forget() { flight = 0; stage = NO_FLIGHT; isDoubtful = false }

/* The daemon says that the order came to nothing. */
inline disclaim() {
  claim(TRUE_TO_WORD, !(accepted & BIT(flight)));
  disclaimed = disclaimed | BIT(flight);
  forget()
}

#ifdef BELIEVING_EVERY_REFUSAL
#define IS_REFUSED IS_REFUSAL
#define IS_UNDER_WAY isDoubtful
#elif defined(FORGETTING_COPIES)
#define IS_REFUSED (IS_REFUSAL && isOurs != IS_OF_ANOTHER)
#define IS_UNDER_WAY false
#else
#define IS_REFUSED (IS_REFUSAL && (isOurs -> !IS_OF_ANOTHER : IS_OF_ANOTHER && !isDoubtful))
#define IS_UNDER_WAY isDoubtful
#endif

/* [ExchangeOrders conclude] */
inline conclude() {
  if
  :: IS_REFUSED -> disclaim()
  :: !IS_REFUSED && isOurs && IS_REFUSAL && !IS_RELEASE(flight) -> held = flight; stage = TAKEN
  :: !IS_REFUSED && isOurs && IS_REFUSAL && IS_RELEASE(flight) -> held = 0; forget()
  :: !IS_REFUSED && !(isOurs && code != NONE) -> forget()
  :: isOurs && code != NONE && !IS_REFUSAL && IS_RELEASE(flight) -> held = 0; forget()
  :: isOurs && code != NONE && !IS_REFUSAL && !IS_RELEASE(flight) ->
    /* The daemon says that the order was accepted. */
    claim(TRUE_TO_WORD, accepted & BIT(flight));
#ifdef WITHOUT_READBACK
    /* It says that the order runs. */
    claim(TRUE_TO_WORD, flight != newest || newestRan);
#endif
    if
    :: code == PENDING || code == ACTIVE -> held = flight; stage = TAKEN
    :: else -> forget()
    fi
  fi
}

/* [ExchangeOrders digestResult] [ExchangeOrders repeatOrGiveUp] */
inline digestResult() {
  if
  :: highest == epoch && sequence > last -> last = sequence
  :: else
  fi;
  known = true;
  isOurs = flight != 0 && highest == epoch && sequence == SEQUENCE(flight);
  if
  :: stage == ARRIVED || (stage == UNCERTAIN && isOurs) -> conclude()
  :: stage == UNCERTAIN && !isOurs && SEQUENCE(flight) >= last -> stage = WRITING
  :: stage == UNCERTAIN && !isOurs -> forget() /* too old, or another is wanted */
  :: else
  fi;
  isOurs = false
}

#define AWAKE 1
#define LOST 2
byte life[DAEMONS];

proctype Daemon(byte me) {
  byte epoch = me + 1;
  byte last;             /* highest number used or seen */
  byte flight, stage;    /* the order under way */
  byte held;             /* the order whose lease is kept up */
  byte answer;
  bool exception;
  bool known;            /* the result was read since the link came up [PlanExchange nextRequest] */
  bool isOurs;
  bool isDoubtful;       /* a copy of the order may be under way on a lost connection */
  life[me] = AWAKE;
  do
  /* A read brings nothing. */
  :: atomic { known || stage == ARRIVED -> lose() }

  /* The block "result": at first, after each loss and each order [ExchangeRequests nextTask]. */
  :: atomic {
      !known || stage == ARRIVED ->
      if
      :: highest <= epoch -> digestResult()
      :: highest > epoch -> goto stopped /* [ExchangeOrders becomeStale] */
      fi
    }

  /* An order goes out, new or once more [ExchangeOrders launch] [ExchangeOrders orderRejected]. */
  :: atomic {
      known && (stage == WRITING || (stage != ARRIVED && last < ORDERS)) ->
      if
      :: stage == WRITING
      :: stage == WRITING -> forget()
      :: stage != WRITING -> last++; forget(); flight = ORDER(epoch, last); stage = WRITING
      fi;
      if
      :: stage == WRITING ->
        send(flight, false);
        if
        :: answer == ANSWERED -> stage = ARRIVED
        :: answer == UNKNOWN -> lose()
        :: answer == EXCEPTION /* once more */
        :: answer == EXCEPTION && !IS_UNDER_WAY -> disclaim()
        :: answer == EXCEPTION && IS_UNDER_WAY -> forget()
        fi;
        answer = UNKNOWN
      :: else
      fi
    }

  /* A heartbeat [ExchangeRequests isHeartbeatDue]. */
  :: atomic {
      known && held != 0 && stage != ARRIVED ->
      send(held, true);
      if
      :: answer == UNKNOWN -> lose()
      :: else
      fi;
      answer = UNKNOWN
    }

  /* The block "live": who holds control, the lease, and whether the cabinet has been restarted
   * [ExchangeLive watchLease] [ExchangeLive lostToPerson] [ExchangeLive cabinetRestarted]. */
  :: atomic {
      known && stage != ARRIVED && (rebooted[me] || (held != 0 && (lease == 0 || person))) ->
      if
      :: rebooted[me] -> forget(); known = false
      :: !rebooted[me] && stage == TAKEN -> forget()
      :: else
      fi;
      held = 0; rebooted[me] = false
    }

  /* The block "active" [ExchangeLive verify]. */
  :: atomic {
      known && stage == TAKEN && running == flight ->
      /* The daemon says that the order runs. */
      claim(TRUE_TO_WORD, flight != newest || newestRan);
      forget()
    }

  /* Switched off, killed, or cut off for good. */
  :: goto stopped
  od;
stopped:
  atomic {
    life[me] = LOST; rebooted[me] = false;
    last = 0; held = 0; known = false; forget()
  }
}

init {
  atomic {
    run Daemon(0)
#if DAEMONS > 1
    ; run Daemon(1)
#endif
#if DAEMONS > 2
    ; run Daemon(2)
#endif
  }
}

/* ---- What holds in the end ---- */

#if DAEMONS == 1
#define ALL_LOST (life[0] == LOST)
#elif DAEMONS == 2
#define ALL_LOST (life[0] == LOST && life[1] == LOST)
#else
#define ALL_LOST (life[0] == LOST && life[1] == LOST && life[2] == LOST)
#endif

#ifdef CLAIM_OWN_PLAN
/* A lost daemon always ends in the cabinet's own plan. */
ltl ownPlan { [] (ALL_LOST -> <> (running == 0 && pend == 0)) }
#endif

#ifdef CLAIM_TAKES_OVER
/* What waits does not wait for ever; that it leaves for a reason, NOTHING_LOST says. */
ltl takesOver { [] (pend == ORDER(DAEMONS, 1) -> <> (pend != ORDER(DAEMONS, 1))) }
#endif
