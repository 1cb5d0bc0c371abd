import type { AdminTexts } from '../en'

export const COMMON: AdminTexts['common'] = {
  title: 'Administração',
  skip: 'Ir para o conteúdo',
  sections: 'Áreas',
  pages: 'Páginas deste app',
  overview: 'Visão geral',
  apps: 'Apps',
  signIns: 'Inícios de sessão',
  changes: 'Alterações',
  users: 'Utilizadores',
  webhooks: 'Webhooks',
  settings: 'Configurações',
  keys: 'Chaves',
  setUp: 'Guia inicial',
  doctor: 'Diagnóstico',
  operator: 'Sessão iniciada como {name}',
  signOut: 'Sair',
  goOn: 'Continuar',
  save: 'Guardar',
  cancel: 'Cancelar',
  back: 'Voltar',
  search: 'Pesquisar',
  copy: 'Copiar',
  copied: 'Copiado',
  next: 'Página seguinte',
  previous: 'Página anterior',
  first: 'Primeira página',
  yes: 'Sim',
  no: 'Não',
  on: 'Ativo',
  off: 'Desativado',
  none: 'Nenhum',
  never: 'Nunca',
  utc: 'Os horários são em UTC.',
  problem: 'Não foi possível concluir',
  notFound: 'Esta página não existe',
  notFoundWhy:
    'Confira o endereço. As páginas de apps que não pode ver também não existem para você.',
  expired: 'A sua sessão terminou. Nada foi alterado: entre e envie novamente.',
  sentAlready:
    'Este formulário já foi enviado e não é aceite duas vezes. Carregue a página de novo para ver o resultado.',
  tooManyDownloads: 'Já estão em curso dois downloads desta sessão. Aguarde que um deles termine.',
  tooManyDownloadsOfAll:
    'Estão em curso demasiados downloads neste servidor. Tente novamente dentro de momentos.',
  notNow: 'Isso não é possível neste momento. Tente novamente dentro de momentos.',
  unsure:
    'O servidor não conseguiu fazê-lo, ou não até ao fim. Não se sabe se algo foi alterado: abra a página de novo e verifique antes de enviar outra vez.',
  openAgain: 'Abrir a página de novo',
  foreignForm:
    'O formulário não veio destas páginas ou é antigo demais. Nada foi alterado: recarregue a página e envie-o novamente.',
  notKept: 'Não é guardado aqui',
  noTrail:
    'O armazenamento deste host não tem um histórico de auditoria que possa ser mostrado aqui. Inícios de sessão e alterações estão no log.',
  noFigures:
    'O armazenamento deste host não guarda dados sobre inícios de sessão; por isso, não há gráficos.',
  noWebhooks:
    'O armazenamento deste host não guarda webhooks; por isso, os apps não podem ter nenhum.',
  noBulk:
    'O armazenamento deste host não permite alterar vários utilizadores: são alterados um a um.',
  lacksPart: 'Falta-lhe a parte {part}: veja docs/stores.md.',
}
