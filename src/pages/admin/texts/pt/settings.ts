import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: 'Configurações',
  about:
    'O que está guardado aqui prevalece sobre a configuração do servidor. Um campo vazio não guarda nada: então vale o que está por baixo. Uma alteração vale a partir do próximo início de sessão, em todos os servidores em até dois segundos.',
  groupKeys: 'Chaves na Amazon',
  groupTargets: 'Para onde vão as pessoas',
  groupSafety: 'Segurança',
  groupAmazon: 'O que se pede à Amazon',
  groupTokens: 'Utilizadores e tokens',
  groupOthers: 'Sem significado aqui',
  othersAbout:
    'O app também pode guardar quaisquer outras configurações, como JSON ou texto simples. Este servidor não faz nada com elas.',
  add: 'Mais uma configuração',
  addName: 'Nome',
  addValue: 'Valor, como JSON ou texto simples',
  notStored: 'Não guardado',
  inForce: 'Em vigor: {value}, como está guardado aqui.',
  inForceApp: 'Em vigor: {value}, da configuração deste app ({origin}).',
  inForceAll: 'Em vigor: {value}, da configuração de todos os apps ({origin}).',
  inForceDefault: 'Em vigor: {value}, o valor padrão.',
  nothingInForce: 'Nada está em vigor.',
  beneathApp: 'Sem isso: {value}, da configuração deste app ({origin}).',
  beneathAll: 'Sem isso: {value}, da configuração de todos os apps ({origin}).',
  beneathDefault: 'Sem isso: {value}, o valor padrão.',
  beneathNothing: 'Sem isso, nada está em vigor.',
  configuration: 'no servidor',
  secretSet: 'definido',
  secretNew: 'Deixe vazio para manter o que está guardado, que nunca é mostrado.',
  secretFirst: 'O valor não voltará a ser mostrado.',
  secretRemove: 'Remover o que está guardado',
  secretBoth: 'Indique um novo valor ou remova o que está guardado: não ambas as coisas.',
  secretAgain: 'Os segredos não ficam na página: indique-o novamente.',
  unreadable:
    'Nenhuma chave mestra deste servidor abre o que está guardado, por isso ninguém pode entrar neste app. Substitua-o ou remova-o, ou dê ao servidor a chave com que foi cifrado.',
  json: 'Tem de ser JSON.',
  nameTaken: 'Já há uma configuração com este nome: altere-a acima.',
  nameMissing: 'Dê um nome à configuração.',
  problems: 'Nada foi guardado. Campos a corrigir: {count}.',
  conflict:
    'Nada foi guardado: outra pessoa alterou o que está marcado abaixo desde que abriu esta página. Guarde novamente para pôr os seus valores no lugar.',
  conflictNow: 'Alterado entretanto. O que está guardado agora: {value}',
  conflictGone: 'Alterado entretanto. Já não há nada guardado.',
  partly:
    'Guardado, exceto o que está marcado abaixo: outra pessoa alterou isso no mesmo momento. Guarde novamente para pôr os seus valores no lugar.',
  saved: 'Guardado. Configurações alteradas: {count}.',
  nothing: 'Nada foi alterado.',
  remark: 'Nota',
  danger: 'Desativar ou eliminar este app',
  names: {
    az_app_id: 'Client ID',
    az_secret: 'Client secret',
    az_client_ids: 'Outros client IDs',
    az_device_app_id: 'Client ID para dispositivos',
    az_device_secret: 'Client secret para dispositivos',
    signin_success: 'Depois de entrar',
    signin_failure: 'Depois de uma falha ao entrar',
    public_url: 'Endereço público',
    'security.app_schemes': 'Esquemas de apps móveis',
    'security.hosturl_aliases': 'Outros frontends',
    'security.strict': 'Todas as opções mais seguras',
    'security.link_by_email': 'Um e-mail conhecido assume o utilizador',
    'amazon.region': 'Região da Amazon',
    'amazon.scope': 'Escopos',
    'amazon.voluntary_scope': 'Escopos opcionais',
    'amazon.keep_tokens': 'Guardar os tokens da Amazon',
    'amazon.on_revoked': 'Quando se retira o consentimento',
    claims: 'Claims',
    session_timeout: 'Duração de um token de sessão',
    one_session_per_user: 'Uma sessão por utilizador',
    app_secret_key: 'Chave do seu backend',
  },
  help: {
    az_app_id:
      'O client ID do Security Profile do app, na página do Login with Amazon (amzn1.application-oa2-client. e assim por diante). Exige também o client secret.',
    az_secret: 'O client secret que pertence ao client ID, do mesmo lugar.',
    az_client_ids:
      'Client IDs dos apps Android e iOS do mesmo Security Profile, separados por vírgulas: os tokens de acesso deles também permitem entrar aqui.',
    az_device_app_id:
      'A Amazon dá a TVs e outros dispositivos um client ID próprio. Vazio: o client ID acima.',
    az_device_secret:
      'Um segredo que lhe pertence. Em regra, a Amazon não dá nenhum a dispositivos.',
    signin_success:
      'Um caminho ou um endereço. Nele, jwt=id torna-se um token válido durante um minuto, e jwt=? um token de sessão; sem nenhum dos dois, o navegador recebe uma sessão.',
    signin_failure: 'Um caminho ou um endereço. Nele, cause=? torna-se o motivo.',
    public_url:
      'O endereço pelo qual os navegadores chegam a este servidor para este app, como https://auth.example.com. O endereço de retorno começa por ele.',
    'security.app_schemes':
      'Esquemas a que os dois endereços acima podem levar, separados por vírgulas: myapp para myapp://signed-in.',
    'security.hosturl_aliases':
      'Origens de outros frontends, separadas por vírgulas, como https://m.example.com: um início de sessão pode pedir para terminar em uma delas.',
    'security.strict':
      'Tokens e alterações assinadas valem para um só uso, um início de sessão precisa do seu próprio cookie, e mais: mais seguro e mais restrito do que o Para.',
    'security.link_by_email':
      'Uma nova conta da Amazon com o e-mail de um utilizador conhecido passa a ser esse utilizador, como no Para. Quem obtiver um e-mail antigo obtém o utilizador.',
    'amazon.region':
      'Onde as pessoas deste app têm as suas contas: na (América do Norte), eu (Europa) ou fe (Extremo Oriente).',
    'amazon.scope': 'O que o app pede à Amazon, separado por espaços: profile, postal_code.',
    'amazon.voluntary_scope':
      'O que pede além disso e que as pessoas podem excluir na página da Amazon.',
    'amazon.keep_tokens':
      'Os tokens da Amazon dos utilizadores são guardados, cifrados, e renovados, para que o app possa chamar a Amazon por eles. Desativar remove os que estão guardados.',
    'amazon.on_revoked':
      'keep não altera nada; sign_out termina as sessões e os tokens de um utilizador que retirou o consentimento na Amazon.',
    claims:
      'De onde vêm os campos dos utilizadores e os claims dos tokens de identidade, como objeto JSON, por exemplo {"displayName": "name"}.',
    session_timeout: 'Segundos, ou um texto como 12 hours.',
    one_session_per_user: 'Um novo token de sessão termina os anteriores do utilizador.',
    app_secret_key:
      'Assina os tokens com que o backend do próprio app inicia a sessão das pessoas. Pelo menos 32 caracteres.',
  },
}
