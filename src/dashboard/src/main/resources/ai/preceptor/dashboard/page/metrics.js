// Which metrics belong together, and which come first.

/** In the order of the page: a metric belongs to the first group that knows it. */
const GROUPS = [
  {title: 'Reward and KL', open: true, first: ['reward', 'objective/kl', 'kl', 'opd/reverse_kl'],
    test: /^(reward|reward_std|reward_greedy|objective\/(kl|scores|rlhf_reward|non_score_reward)|kl|opd\/reverse_kl|rewards\/.*|beta|frac_reward_zero_std|mean_reward|min_reward|max_reward|accuracy.*|margin.*|step_probability|reward_uncertainty)$/},
  {title: 'Evaluation', open: true, first: ['eval_reward', 'eval_accuracy', 'eval_loss'], test: /^eval_/},
  {title: 'Loss and gradient', open: true, first: ['loss', 'grad_norm', 'learning_rate'],
    test: /^(loss.*|grad_norm|learning_rate|nll_loss|value_grad_norm|.*(_kl|jsd|variation|nll)$)/},
  {title: 'Answers', open: false, first: ['completions/mean_length', 'completions/clipped_ratio'],
    test: /^(completions|tools|logps)\//},
  {title: 'Policy', open: false, first: ['entropy', 'mean_token_accuracy'],
    test: /^(entropy|mean_token_accuracy|clip_ratio|policy\/|val\/|sampling\/|importance|cispo|vespo|objective\/entropy)/},
  {title: 'Speed', open: false, first: ['step_time', 'sampling_time'], test: /(_time|tokens|epoch)$/},
  {title: 'Other', open: false, first: [], test: /./},
];

/** Groups with their metrics, those that tell most first; empty groups are left out. */
export function grouped(names) {
  const groups = GROUPS.map((group) => ({title: group.title, open: group.open, names: []}));
  for (const name of names) {
    groups[GROUPS.findIndex((group) => group.test.test(name))].names.push(name);
  }
  groups.forEach((group, i) => {
    const rank = (name) => {
      const at = GROUPS[i].first.indexOf(name);
      return at < 0 ? GROUPS[i].first.length : at;
    };
    group.names = group.names
      .map((name, at) => ({name, at}))
      .sort((a, b) => rank(a.name) - rank(b.name) || a.at - b.at)
      .map((one) => one.name);
  });
  return groups.filter((group) => group.names.length > 0);
}

/** The KL that is drawn against the reward. */
export function klOf(names) {
  return ['objective/kl', 'kl', 'opd/reverse_kl'].find((name) => names.includes(name));
}

const SHORT = {
  'objective/kl': 'KL',
  'opd/reverse_kl': 'reverse KL',
  'rewards/accuracies': 'accuracy',
  'rewards/margins': 'margin',
  'completions/mean_length': 'length',
  'mean_token_accuracy': 'token accuracy',
};

export function short(name) {
  return SHORT[name] || name;
}
