(function () {
  'use strict';
  function each(selector, visit) { Array.prototype.forEach.call(document.querySelectorAll(selector), visit); }
  function select(block) {
    var range = document.createRange();
    range.selectNodeContents(block);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  each('pre', function (block) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', 'Copy these lines');
    function done() {
      button.textContent = 'Copied';
      window.setTimeout(function () { button.textContent = 'Copy'; }, 2000);
    }
    function byHand() {
      select(block);
      if (document.execCommand('copy')) { done(); }
    }
    button.addEventListener('click', function () {
      if (navigator.clipboard) { navigator.clipboard.writeText(block.textContent).then(done, byHand); } else { byHand(); }
    });
    block.parentNode.insertBefore(button, block.nextSibling);
  });
  var field = document.getElementById('filter');
  if (!field) { return; }
  document.getElementById('filtering').hidden = false;
  var rows = [];
  each('#issuers tbody tr', function (row) { rows.push({ row: row, text: row.textContent.toLowerCase() }); });
  field.addEventListener('input', function () {
    var word = field.value.trim().toLowerCase();
    var shown = 0;
    rows.forEach(function (entry) {
      var match = entry.text.indexOf(word) !== -1;
      entry.row.hidden = !match;
      if (match) { shown += 1; }
    });
    if (word) { each('#issuers details', function (more) { more.open = true; }); }
    document.getElementById('shown').textContent = word ? shown + ' of ' + rows.length + ' issuers' : '';
  });
})();
