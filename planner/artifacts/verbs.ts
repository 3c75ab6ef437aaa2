/** Verbs that titles of tasks begin with, in their base form; sorted, so that a word is found by eye. */
const WORDS = `
abort abstract accept accumulate acknowledge acquire activate adapt add address adjust adopt agree aggregate alert align alias allocate allow amend analyse analyze animate annotate announce
append apply approve archive arrange ask assemble assert assess assign attach audit authenticate author authorise authorize automate avoid award back backfill backport balance
base batch begin benchmark bind block boot bootstrap bound branch break bridge bring broadcast build bump bundle cache calculate call cancel cap capture carry catch centralise centralize
certify chain change characterise characterize chart check choose clarify classify clean clear clone close collapse collect combine comment commit compare compile complete compose compress compute
conclude conduct confirm connect consolidate constrain construct consult consume contain containerise containerize continue control convert coordinate copy correct count cover crawl create customise customize cut
deactivate debounce debug decide declare decode decommission decompose decouple decrypt deduplicate default defer define delegate delete deliver demonstrate denormalise denormalize deploy deprecate derive describe deserialise deserialize
design detach detect determine develop diagnose diff digest disable disallow discard discover dismiss dispatch display distribute divide document download draft drain draw drive drop dump duplicate
edit eliminate embed emit emulate enable encapsulate encode encrypt end enforce enhance enlarge enqueue enrich ensure enter enumerate erase escalate escape establish estimate evaluate evict examine exclude execute exempt
exercise expand expire explain explore export expose express extend extract fail feed fetch file fill filter finalise finalize find finish fit fix flag flatten flush focus fold follow forbid force forecast format
forward freeze fuzz gate gather generalise generalize generate get give grant group guarantee guard guide halt handle harden hash hide highlight hold hook host identify ignore illustrate implement import improve include
increase increment index inform infer ingest inherit initialise initialize inject inline insert inspect install instantiate instrument integrate intercept internationalise internationalize interpolate interpret introduce invalidate inventory invert investigate invite
invoke isolate issue iterate join judge justify keep label land launch lay layer lay lazy-load lead learn leave let lift limit link lint list listen load localise localize locate lock log look loop lower maintain make
manage map mark mask match materialise materialize maximise maximize measure mediate memoise memoize merge migrate minify minimise minimize mirror mitigate mock model moderate modernise modernize modify modularise modularize monitor mount move multiplex
name negotiate nest normalise normalize notify number observe obtain offer offload omit onboard open operate optimise optimize orchestrate order organise organize outline overhaul override own pack package paginate parallelise parallelize
parameterise parameterize parse partition pass patch pause paint perform permit persist phase pick pilot pin pipe place plan play plot point poll polish populate port post prefetch prefer prepare prepend present preserve prevent preview
print prioritise prioritize probe process procure produce profile program prohibit promote prompt propagate propose protect prototype prove provide provision proxy prune publish pull purge push put qualify quantify query queue quote
raise randomise randomize rank rate reach react read rebalance rebase rebuild recalculate receive recognise recognize recommend recompute reconcile reconnect record recover recycle redact redeploy redesign redirect reduce reencrypt refactor refer
refine reflect reformat refresh refund refuse regenerate register regulate reimplement reindex reinforce reject release relax reload relocate remediate remind remove rename render renew reorder reorganise reorganize repair repeat replace replay replicate
reply report repost represent reproduce request require rerun reschedule research reserve reset resize resolve respect respond restart restore restrict restructure resume retain rethrow retire retrieve retry return reuse reveal revert review
revise revoke rewire rewrite roll rollout rotate round route run sample sandbox sanitise sanitize save scaffold scale scan schedule scope score scrape screen script seal search secure seed select send separate sequence serialise serialize serve
set settle shard share ship shorten show shrink shuffle sign silence simplify simulate size sketch skip slice smoke-test snapshot sort specify speed spike split spawn stabilise stabilize stack stage standardise standardize start state stop store
stream streamline strengthen stress-test strip structure stub style submit subscribe substitute summarise summarize supply support suppress survey suspend swap switch synchronise synchronize sync synthesise synthesize tag tail take target teach tear
test throttle throw tidy tie time toggle tokenise tokenize trace track train transcode transfer transform translate transmit transpile traverse treat triage trigger trim truncate tune turn type unblock undo unify uninstall unlink unlock
unpack unsubscribe unwrap update upgrade upload upsert use validate vary vendor verify version visualise visualize vote wait walk warm warn watch weigh widen wire withdraw work wrap write zip
`;

export const VERBS: ReadonlySet<string> = new Set(WORDS.split(/\s+/).filter((word) => word !== ''));
